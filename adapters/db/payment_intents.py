"""Payment intents: an outside effect is written down before it is asked for, and asked for under its key."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, case, func, insert, select, update

from adapters.db.attention import PAYMENT_UNAVAILABLE, park
from adapters.db.locked_order import LockedOrder
from adapters.db.tables import payment_intents
from domain.ids import effect_key
from domain.payment import MoneyStep, PaymentRequest
from domain.payment_status import PaymentStatus
from domain.risk import RiskPolicy
from domain.settlement import MoneyMove, next_move


@dataclass(frozen=True, slots=True)
class PaymentPolicy:
    """When to give up, and when to act in time.

    `soft_declines` of one means of payment count as a hard one.
    `attempts` calls without an answer park the order; `retry_after` a soft no; `grace` is how long a customer
    may bring another means of payment after a decline; `renew_before` an authorization's end it is renewed.
    `risk` judges what was authorized; a review is to be answered within `review_within`, None for any time.
    """

    attempts: int
    retry_after: timedelta
    grace: timedelta = timedelta(hours=48)
    renew_before: timedelta = timedelta(days=1)
    soft_declines: int = 3
    risk: RiskPolicy = field(default_factory=RiskPolicy)
    review_within: timedelta | None = timedelta(hours=72)


async def open_intent(order: LockedOrder, policy: PaymentPolicy) -> PaymentRequest | None:
    """Return the effect to ask the provider for now, its intent written; None when there is none.

    An intent without an answer is asked for again under its own key. After too many attempts the order is
    parked instead. Does not save the order.
    """
    row = await open_row(order)
    if row is None:
        if order.values["attention"] is not None or _waits(order):
            return None
        move = next_move(order.money)
        if move is None:
            return None
        row = await _write_intent(order, move)
    elif row.attempts >= policy.attempts:
        if order.values["attention"] is None:
            park(order, PAYMENT_UNAVAILABLE, key=row.key)
        return None
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.key == row.key)
        .values(attempts=payment_intents.c.attempts + 1)
    )
    return _request(order, row)


def _waits(order: LockedOrder) -> bool:
    retry_at = order.values["payment_retry_at"]
    return retry_at is not None and retry_at > order.now


async def open_row(order: LockedOrder) -> Row[Any] | None:
    """The intent that waits for its answer."""
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
    drawn_on, amount = await _drawn_on(order, move)
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
            amount=amount,
            final=move.final,
            authorization=drawn_on,
            created_at=order.now,
        )
        .returning(payment_intents)
    )
    row: Row[Any] = written.one()
    return row


async def _drawn_on(order: LockedOrder, move: MoneyMove) -> tuple[str | None, int]:
    """The authorization that an effect acts on, and how much of the effect it can bear."""
    if move.step is MoneyStep.AUTHORIZE:
        return None, move.amount
    if move.step is MoneyStep.REFUND:
        return await _captured_on(order, move.amount)
    status = "superseded" if order.values["superseded"] and move.step is MoneyStep.VOID else "succeeded"
    found = await order.connection.execute(
        select(payment_intents.c.reference)
        .where(
            payment_intents.c.order_id == order.id,
            payment_intents.c.step == MoneyStep.AUTHORIZE.value,
            payment_intents.c.status == status,
        )
        .order_by(payment_intents.c.n.desc())
        .limit(1)
    )
    return found.scalar_one(), move.amount


async def _captured_on(order: LockedOrder, amount: int) -> tuple[str, int]:
    """The first authorization of which captured money is left to give back."""
    intent = payment_intents.c
    kept = func.sum(case((intent.step == MoneyStep.CAPTURE.value, intent.amount), else_=-intent.amount))
    found = await order.connection.execute(
        select(intent.authorization, kept.label("kept"))
        .where(
            intent.order_id == order.id,
            intent.status == "succeeded",
            intent.step.in_((MoneyStep.CAPTURE.value, MoneyStep.REFUND.value)),
        )
        .group_by(intent.authorization)
        .having(kept > 0)
        .order_by(func.min(intent.n), intent.authorization)
        .limit(1)
    )
    row = found.one()
    return row.authorization, min(amount, int(row.kept))


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


async def close_authorization(
    order: LockedOrder, status: str, *, of: str = "succeeded", but: str | None = None
) -> None:
    """Say what became of the authorizations that are drawn on (or were), all `but` one."""
    await order.connection.execute(
        update(payment_intents)
        .where(
            payment_intents.c.order_id == order.id,
            payment_intents.c.step == MoneyStep.AUTHORIZE.value,
            payment_intents.c.status == of,
            payment_intents.c.key != (but or ""),
        )
        .values(status=status)
    )
