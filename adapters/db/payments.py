"""Money's rows: an intent committed before each outside effect, its answer after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update

from adapters.db.cancellation import cancel
from adapters.db.locked_order import LockedOrder
from adapters.db.tables import payment_intents, payment_ledger
from domain.ids import effect_key
from domain.payment import Declined, MoneyStep, PaymentAnswer, PaymentRequest, Succeeded
from domain.payment_status import PaymentStatus
from domain.settlement import MoneyMove, next_move

SOFT_DECLINES: Final = 3
"""Soft declines of one order before they count as a hard one."""

AUTHORIZATION_EXPIRED: Final = "authorization_expired"
_GONE: Final = {AUTHORIZATION_EXPIRED, "authorization_closed", "nothing_to_void"}


@dataclass(frozen=True, slots=True)
class PaymentPolicy:
    """When to give up: `attempts` calls without an answer park the order; `retry_after` a soft no."""

    attempts: int
    retry_after: timedelta


async def open_intent(order: LockedOrder, policy: PaymentPolicy, now: datetime) -> PaymentRequest | None:
    """Return the effect to ask the provider for now, its intent written; None when there is none.

    `now` is the process's time, by which the pause after a soft decline has passed or not.
    An intent without an answer is asked for again under its own key. After too many attempts the order is
    parked instead. Does not save the order.
    """
    row = await _open_row(order)
    if row is None:
        if order.values["attention"] is not None or _waits(order, now):
            return None
        move = next_move(order.money)
        if move is None:
            return None
        row = await _write_intent(order, move)
    elif row.attempts >= policy.attempts:
        if order.values["attention"] is None:
            park(order, "payment_unavailable", key=row.key)
        return None
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.key == row.key)
        .values(attempts=payment_intents.c.attempts + 1)
    )
    return _request(order, row)


def _waits(order: LockedOrder, now: datetime) -> bool:
    retry_at = order.values["payment_retry_at"]
    return retry_at is not None and retry_at > now


async def _open_row(order: LockedOrder) -> Row[Any] | None:
    found = await order.connection.execute(
        select(payment_intents).where(
            payment_intents.c.order_id == order.id, payment_intents.c.status == "open"
        )
    )
    return found.one_or_none()


async def _write_intent(order: LockedOrder, move: MoneyMove) -> Row[Any]:
    earlier = await order.connection.execute(
        select(func.count())
        .select_from(payment_intents)
        .where(payment_intents.c.order_id == order.id, payment_intents.c.step == move.step.value)
    )
    n = earlier.scalar_one() + 1
    drawn_on = await _authorization(order) if move.step is not MoneyStep.AUTHORIZE else None
    if move.step is MoneyStep.AUTHORIZE:
        order.set(payment_retry_at=None)
        if order.payment_status is PaymentStatus.NONE:
            order.pay(PaymentStatus.PENDING)
    key = effect_key(order.id, move.step.value, n)
    order.set(open_intent=key)
    written = await order.connection.execute(
        insert(payment_intents)
        .values(
            key=key,
            order_id=order.id,
            step=move.step.value,
            n=n,
            amount=move.amount,
            final=move.final,
            authorization=drawn_on.reference if drawn_on is not None else None,
            created_at=order.now,
        )
        .returning(payment_intents)
    )
    row: Row[Any] = written.one()
    return row


async def _authorization(order: LockedOrder) -> Row[Any]:
    found = await order.connection.execute(
        select(payment_intents)
        .where(
            payment_intents.c.order_id == order.id,
            payment_intents.c.step == MoneyStep.AUTHORIZE.value,
            payment_intents.c.status == "succeeded",
        )
        .order_by(payment_intents.c.n.desc())
        .limit(1)
    )
    return found.one()


def _request(order: LockedOrder, row: Row[Any]) -> PaymentRequest:
    step = MoneyStep(row.step)
    return PaymentRequest(
        order_id=order.id,
        step=step,
        idempotency_key=row.key,
        amount=row.amount,
        currency=order.values["currency"],
        token=order.values["payment_token"] if step is MoneyStep.AUTHORIZE else None,
        authorization=row.authorization,
        final=row.final,
    )


async def record_answer(
    order: LockedOrder, request: PaymentRequest, answer: PaymentAnswer, policy: PaymentPolicy
) -> None:
    """Write what the provider said; an answer that is already written changes nothing.

    Does not save the order. A Pending answer leaves the intent open: it is asked for again.
    """
    row = await _open_row(order)
    if row is None or row.key != request.idempotency_key:
        return
    if isinstance(answer, Succeeded):
        await _resolve(order, row, "succeeded", reference=answer.reference, expires_at=answer.expires_at)
        await _enter(order, row, request.step)
        await _succeeded(order, request, answer)
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


async def _succeeded(order: LockedOrder, request: PaymentRequest, answer: Succeeded) -> None:
    amount = request.amount
    if request.step is MoneyStep.AUTHORIZE:
        order.set(authorized=order.values["authorized"] + amount)
        order.record("payment.authorized", amount=amount, key=request.idempotency_key)
        if answer.risk == "review":
            order.pay(PaymentStatus.REVIEW)
            if order.units.live:  # cancelled meanwhile, it is voided, and nobody has to look
                park(order, "payment_review")
        elif order.values["captured"]:
            order.pay(PaymentStatus.PARTIALLY_CAPTURED)
        else:
            order.pay(PaymentStatus.AUTHORIZED)
    elif request.step is MoneyStep.CAPTURE:
        order.set(captured=order.values["captured"] + amount)
        order.record("payment.captured", amount=amount, key=request.idempotency_key)
    elif request.step is MoneyStep.VOID:
        order.set(voided=order.values["voided"] + amount)
        order.record("payment.voided", amount=amount, key=request.idempotency_key)
    if request.step in {MoneyStep.CAPTURE, MoneyStep.VOID}:
        await _after_draw(order)


async def _after_draw(order: LockedOrder) -> None:
    """Close the authorization that is used up, and say how far the money is."""
    position = order.money
    if position.remaining == 0:
        await _close_authorization(order, "spent")
    if position.captured == 0:
        order.pay(PaymentStatus.VOIDED)
    elif position.captured == position.live:
        order.pay(PaymentStatus.CAPTURED)
    else:
        order.pay(PaymentStatus.PARTIALLY_CAPTURED)


async def _close_authorization(order: LockedOrder, status: str) -> None:
    await order.connection.execute(
        update(payment_intents)
        .where(
            payment_intents.c.order_id == order.id,
            payment_intents.c.step == MoneyStep.AUTHORIZE.value,
            payment_intents.c.status == "succeeded",
        )
        .values(status=status)
    )


async def _declined(
    order: LockedOrder, request: PaymentRequest, answer: Declined, policy: PaymentPolicy
) -> None:
    order.record(f"payment.{request.step}_declined", code=answer.code, key=request.idempotency_key)
    if request.step is MoneyStep.AUTHORIZE:
        await _not_authorized(order, answer, policy)
    elif answer.code in _GONE:
        await _authorization_gone(order, answer.code)
    else:
        park(order, f"{request.step}_refused", code=answer.code)


async def _not_authorized(order: LockedOrder, answer: Declined, policy: PaymentPolicy) -> None:
    declines = await order.connection.execute(
        select(func.count())
        .select_from(payment_intents)
        .where(
            payment_intents.c.order_id == order.id,
            payment_intents.c.step == MoneyStep.AUTHORIZE.value,
            payment_intents.c.status == "declined",
        )
    )
    if not answer.hard and declines.scalar_one() < SOFT_DECLINES:
        order.set(payment_retry_at=order.now + policy.retry_after)
    elif order.units.left:
        park(order, "authorization_declined", code=answer.code)
    else:
        order.pay(PaymentStatus.DECLINED)
        if order.units.unshipped:
            await cancel(order, None, reason="payment_declined")


async def _authorization_gone(order: LockedOrder, code: str) -> None:
    """What was not captured of an authorization cannot be any more; what is owed needs a new one."""
    order.set(authorized=order.values["authorized"] - order.money.remaining)
    await _close_authorization(order, "expired")
    order.record("payment.authorization_expired", code=code)
    paid = order.values["captured"] > 0 and next_move(order.money) is None
    order.pay(PaymentStatus.CAPTURED if paid else PaymentStatus.EXPIRED)


def park(order: LockedOrder, reason: str, **details: Any) -> None:
    """Stop here until a person has looked."""
    order.set(attention=reason)
    order.record("order.needs_attention", reason=reason, **details)


async def intents(order: LockedOrder) -> Sequence[Row[Any]]:
    """All payment intents of an order, oldest first."""
    rows = await order.connection.execute(
        select(payment_intents)
        .where(payment_intents.c.order_id == order.id)
        .order_by(payment_intents.c.created_at, payment_intents.c.key)
    )
    return rows.all()
