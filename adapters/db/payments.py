"""Answers of the provider: what each says is written to the order's money, together with the ledger."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, update

from adapters.db.attention import park
from adapters.db.declines import AUTHORIZATION_EXPIRED, authorization_gone, not_authorized
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_intents import PaymentPolicy, close_authorization, open_row
from adapters.db.refunds import pay_refunds
from adapters.db.returns import complete_returns
from adapters.db.risk import judge
from adapters.db.tables import payment_intents, payment_ledger
from domain.payment import Declined, MoneyStep, PaymentAnswer, PaymentRequest, Succeeded
from domain.payment_status import PaymentStatus
from domain.settlement import status_after

_GONE: Final = {AUTHORIZATION_EXPIRED, "authorization_closed", "nothing_to_void"}


async def record_answer(
    order: LockedOrder, request: PaymentRequest, answer: PaymentAnswer, policy: PaymentPolicy
) -> None:
    """Write what the provider said; an answer that is already written changes nothing.

    Does not save the order. A Pending answer leaves the intent open: it is asked for again.
    """
    row = await open_row(order)
    if row is None or row.key != request.idempotency_key:
        return
    if isinstance(answer, Succeeded):
        await _resolve(order, row, "succeeded", reference=answer.reference, expires_at=answer.expires_at)
        await _enter(order, row, request.step)
        await _succeeded(order, request, answer, policy)
    elif isinstance(answer, Declined):
        await _resolve(order, row, "declined", code=answer.code)
        await _declined(order, request, answer, policy)


async def _resolve(order: LockedOrder, row: Row[Any], status: str, **columns: Any) -> None:
    order.set(open_intent=None)
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.key == row.key)
        .values(status=status, resolved_at=order.now, **columns)
    )


async def _enter(order: LockedOrder, row: Row[Any], step: MoneyStep) -> None:
    await order.connection.execute(
        insert(payment_ledger).values(
            order_id=order.id, intent_key=row.key, kind=step.value, amount=row.amount, at=order.now
        )
    )


async def _succeeded(
    order: LockedOrder, request: PaymentRequest, answer: Succeeded, policy: PaymentPolicy
) -> None:
    amount, key = request.amount, request.idempotency_key
    match request.step:
        case MoneyStep.AUTHORIZE:
            order.record("payment.authorized", amount=amount, key=key)
            await _authorized(order, request, answer, policy)
            return
        case MoneyStep.CAPTURE:
            order.set(captured=order.values["captured"] + amount)
            order.record("payment.captured", amount=amount, key=key)
        case MoneyStep.VOID:
            order.set(voided=order.values["voided"] + amount)
            order.record("payment.voided", amount=amount, key=key)
            if order.values["superseded"]:
                await close_authorization(order, "voided", of="superseded")
                order.set(superseded=0)
        case MoneyStep.REFUND:
            order.set(refunded=order.values["refunded"] + amount)
            order.record("payment.refunded", amount=amount, key=key)
            await pay_refunds(order, amount)
            await complete_returns(order)
    await _after_draw(order)


async def _authorized(
    order: LockedOrder, request: PaymentRequest, answer: Succeeded, policy: PaymentPolicy
) -> None:
    """Money is set aside; what an earlier authorization still holds is let go next."""
    replaced = order.money.remaining
    if replaced:
        await close_authorization(order, "superseded", but=request.idempotency_key)
        order.set(superseded=order.values["superseded"] + replaced)
    order.set(
        authorized=order.values["authorized"] + request.amount,
        declines=0,
        payment_due_by=None,
        **_validity(order, answer, policy),
    )
    if not order.values["captured"] and not replaced and order.units.live:
        await judge(order, request, answer.signals, policy)
    elif order.values["captured"]:
        order.pay(status_after(order.money))
    elif order.payment_status is not PaymentStatus.REVIEW:
        order.pay(PaymentStatus.AUTHORIZED)


def _validity(order: LockedOrder, answer: Succeeded, policy: PaymentPolicy) -> dict[str, datetime | None]:
    """When the authorization ends, and when to renew it: in time, but not at once when it is short."""
    ends_at = answer.expires_at
    if ends_at is None:
        return {"authorization_ends_at": None, "renew_at": None}
    ahead = min(policy.renew_before, (ends_at - order.now) / 2)
    return {"authorization_ends_at": ends_at, "renew_at": max(ends_at - ahead, order.now)}


async def _after_draw(order: LockedOrder) -> None:
    """Close the authorization that is used up, and say how far the money is."""
    position = order.money
    if position.remaining == 0:
        await close_authorization(order, "spent")
        order.set(authorization_ends_at=None, renew_at=None)
    if order.payment_status is not PaymentStatus.REVIEW or position.remaining == 0:
        order.pay(status_after(position))


async def _declined(
    order: LockedOrder, request: PaymentRequest, answer: Declined, policy: PaymentPolicy
) -> None:
    order.record(f"payment.{request.step}_declined", code=answer.code, key=request.idempotency_key)
    if request.step is MoneyStep.AUTHORIZE:
        await not_authorized(order, answer, policy)
    elif answer.code in _GONE and request.step is not MoneyStep.REFUND:
        await authorization_gone(order, answer.code)
    else:
        park(order, f"{request.step}_refused", code=answer.code)
