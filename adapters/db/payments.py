"""Answers of the provider: what each says is written to the order's money, together with the ledger."""

from typing import Any, Final

from sqlalchemy import Row, select, update

from adapters.db.attention import REFUND_FAILED, hear_answer, park
from adapters.db.authorizations import authorization_of, set_aside, set_aside_in_vain, take_from
from adapters.db.declines import AUTHORIZATION_EXPIRED, authorization_gone, not_authorized, renewal_declined
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.payment_waits import abandon, await_customer, await_decision
from adapters.db.refunds import issue_credits, owe_again, pay_refunds
from adapters.db.returns import complete_returns
from adapters.db.risk import costs_more_than_judged, judge
from adapters.db.securing import trust
from adapters.db.tables import payment_intents
from domain.accounts import effect, expired, refund_came_back
from domain.payment import ActionRequired, Declined, MoneyStep, PaymentAnswer, Succeeded
from domain.payment_status import PaymentStatus
from domain.settlement import status_after

_TO_PAY: Final = {
    PaymentStatus.PENDING,
    PaymentStatus.ACTION_REQUIRED,
    PaymentStatus.DECLINED,
    PaymentStatus.EXPIRED,
}
NEVER_TAKEN: Final = "never_taken"
"""Our own code of an authorization that was given up, and of which the provider knows nothing."""

_GONE: Final = {AUTHORIZATION_EXPIRED, "authorization_closed", "nothing_to_void"}


async def record_answer(order: LockedOrder, key: str, answer: PaymentAnswer, policy: PaymentPolicy) -> bool:
    """Write what the provider said of an effect; False when that was decided before, and nothing changes.

    Does not save the order. An effect that the provider has only taken stays open, until a notice or a
    look-up tells what became of it.
    """
    row = await _undecided(order, key)
    if row is None:
        return False
    if row.status == "abandoned":
        return await _late_answer(order, row, answer)
    match answer:
        case Succeeded():
            await _resolve(order, row, "succeeded", reference=answer.reference)
            await _succeeded(order, row, answer, policy)
        case Declined():
            await _resolve(order, row, "declined", code=answer.code)
            await _declined(order, row, answer, policy)
        case _:
            await await_decision(order, row, answer, policy)
            if isinstance(answer, ActionRequired):
                await _confirm(order, row, answer, policy)
    return True


async def _undecided(order: LockedOrder, key: str) -> Row[Any] | None:
    found = await order.connection.execute(
        select(payment_intents).where(
            payment_intents.c.key == key,
            payment_intents.c.order_id == order.id,
            payment_intents.c.status.in_(("open", "abandoned")),
        )
    )
    return found.one_or_none()


async def _resolve(order: LockedOrder, row: Row[Any], status: str, **columns: Any) -> None:
    hear_answer(order)
    order.set(open_intent=None, payment_action=None)
    if row.pending_since is not None:
        order.set(payment_retry_at=None)
    await _note(order, row, status=status, resolved_at=order.now, **columns)


def _enter(order: LockedOrder, row: Row[Any], answer: Succeeded) -> None:
    """Post an effect that took place."""
    order.post(effect(row.key, MoneyStep(row.step), row.amount, answer.fee))


async def _confirm(order: LockedOrder, row: Row[Any], answer: ActionRequired, policy: PaymentPolicy) -> None:
    """The customer is asked to confirm; for a renewal nobody is, as what is set aside holds meanwhile."""
    if row.renews:
        await abandon(order, row)
        await renewal_declined(order, "action_required")
    else:
        await_customer(order, row, answer.url, policy)


async def _late_answer(order: LockedOrder, row: Row[Any], answer: PaymentAnswer) -> bool:
    """What became of an authorization that nobody waits for: a yes is entered, and let go next."""
    if isinstance(answer, Succeeded):
        await set_aside_in_vain(order, row, answer)
        _enter(order, row, answer)
        order.set(abandoned=0)
        order.record("payment.authorized", amount=row.amount, key=row.key, abandoned=True)
        return True
    if isinstance(answer, Declined):
        # What was never taken may be after all, by a call that was still on its way: that yes is let go too.
        status = "abandoned" if answer.code == NEVER_TAKEN else "declined"
        await _note(order, row, status=status, code=answer.code)
        order.set(abandoned=0)
        return True
    await _note(order, row, reference=answer.reference)
    return False


async def _note(order: LockedOrder, row: Row[Any], **columns: Any) -> None:
    await order.connection.execute(
        update(payment_intents).where(payment_intents.c.key == row.key).values(**columns)
    )


async def _succeeded(order: LockedOrder, row: Row[Any], answer: Succeeded, policy: PaymentPolicy) -> None:
    match MoneyStep(row.step):
        case MoneyStep.AUTHORIZE:
            _enter(order, row, answer)
            order.record("payment.authorized", amount=row.amount, key=row.key)
            await _authorized(order, row, answer, policy)
        case MoneyStep.CAPTURE:
            _enter(order, row, answer)
            await _captured(order, row)
        case MoneyStep.VOID:
            await _voided(order, row, answer)
        case MoneyStep.REFUND:
            _enter(order, row, answer)
            await _refunded(order, row)


async def _authorized(order: LockedOrder, row: Row[Any], answer: Succeeded, policy: PaymentPolicy) -> None:
    """Money is set aside; what a renewed authorization still holds is let go next.

    It is judged at first, and again when the order was changed to cost more; a renewal is not.
    """
    first = not order.money.remaining and not order.values["captured"]
    await set_aside(order, row, answer, policy)
    order.set(declines=0, payment_due_by=None)
    raised = not first and not row.renews and await costs_more_than_judged(order)
    if order.units.live and (first or raised):
        await judge(order, row.key, answer.signals, policy)
    elif order.payment_status is not PaymentStatus.REVIEW:
        trust(order)


async def _captured(order: LockedOrder, row: Row[Any]) -> None:
    """Money is taken; a final capture lets go of what its authorization holds besides."""
    order.set(captured=order.values["captured"] + row.amount)
    order.record("payment.captured", amount=row.amount, key=row.key)
    held = await authorization_of(order, row.authorization)
    if held is not None:
        released = held.held - row.amount if row.final else 0
        await take_from(order, held, row.amount + released, emptied="spent")
        await _release(order, row, released)
    await issue_credits(order)
    await complete_returns(order)
    _after_draw(order)


async def _release(order: LockedOrder, row: Row[Any], amount: int) -> None:
    """What a final capture let go of counts as voided, without an effect of its own."""
    if not amount:
        return
    await _note(order, row, released=amount)
    order.set(voided=order.values["voided"] + amount)
    order.post(expired(f"{row.key}:released", amount))
    order.record("payment.released", amount=amount, key=row.key)


async def _voided(order: LockedOrder, row: Row[Any], answer: Succeeded) -> None:
    """What was set aside is let go; an authorization that never was granted held nothing."""
    held = await authorization_of(order, row.authorization)
    if held is None or not held.held:
        return
    _enter(order, row, answer)
    order.set(voided=order.values["voided"] + row.amount)
    order.record("payment.voided", amount=row.amount, key=row.key)
    await take_from(order, held, row.amount, emptied="voided")
    _after_draw(order)


async def _refunded(order: LockedOrder, row: Row[Any]) -> None:
    order.set(refunded=order.values["refunded"] + row.amount)
    order.record("payment.refunded", amount=row.amount, key=row.key)
    await pay_refunds(order, row.amount)
    await complete_returns(order)
    _after_draw(order)


async def record_failed_refund(order: LockedOrder, key: str, answer: Declined) -> bool:
    """A refund that had succeeded has failed: its money is with us again, and a person is asked.

    False for an effect that is no such refund, and nothing changes. Does not save the order.
    """
    found = await order.connection.execute(
        update(payment_intents)
        .where(
            payment_intents.c.key == key,
            payment_intents.c.order_id == order.id,
            payment_intents.c.step == MoneyStep.REFUND.value,
            payment_intents.c.status == "succeeded",
        )
        .values(status="failed", code=answer.code, resolved_at=order.now)
        .returning(payment_intents.c.amount)
    )
    amount = found.scalar_one_or_none()
    if amount is None:
        return False
    order.set(refunded=order.values["refunded"] - amount)
    order.post(refund_came_back(key, amount))
    order.record("payment.refund_failed", amount=amount, code=answer.code, key=key)
    await owe_again(order, amount)
    _after_draw(order)
    park(order, REFUND_FAILED, code=answer.code)
    return True


def _after_draw(order: LockedOrder) -> None:
    """Say how far the money is; while it is in review or still to be set aside, that is said."""
    position = order.money
    reviewed = order.payment_status is PaymentStatus.REVIEW and position.remaining
    to_pay = order.payment_status in _TO_PAY and position.owed > position.captured
    if not reviewed and not to_pay:
        order.pay(status_after(position))


async def _declined(order: LockedOrder, row: Row[Any], answer: Declined, policy: PaymentPolicy) -> None:
    if row.step == MoneyStep.AUTHORIZE.value:
        await not_authorized(order, row, answer, policy)
        return
    order.record(f"payment.{row.step}_declined", code=answer.code, key=row.key)
    held = await authorization_of(order, row.authorization)
    if answer.code in _GONE and row.step != MoneyStep.REFUND.value:
        if held is not None and held.held:
            await authorization_gone(order, held, answer.code)
    else:
        park(order, f"{row.step}_refused", code=answer.code)
