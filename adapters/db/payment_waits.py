"""Effects that a provider took and has not decided, and those whose customer has to confirm first."""

from typing import Any

from sqlalchemy import Row, select, update

from adapters.db.locked_order import LockedOrder
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.tables import payment_intents
from domain.payment import ActionRequired, Pending
from domain.payment_status import PaymentStatus
from domain.settlement import status_after


async def open_row(order: LockedOrder) -> Row[Any] | None:
    """The intent that waits for its answer."""
    found = await order.connection.execute(
        select(payment_intents).where(
            payment_intents.c.order_id == order.id, payment_intents.c.status == "open"
        )
    )
    return found.one_or_none()


async def await_decision(
    order: LockedOrder, row: Row[Any], answer: Pending | ActionRequired, policy: PaymentPolicy
) -> None:
    """The provider took an effect: a notice tells what becomes of it, or a look-up after a while."""
    since = row.pending_since or order.now
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.key == row.key)
        .values(reference=answer.reference, pending_since=since, attempts=0)
    )
    order.set(payment_retry_at=order.now + max(policy.look_up_after, order.now - since))
    if row.pending_since is None and isinstance(answer, Pending):
        order.record(f"payment.{row.step}_pending", amount=row.amount, key=row.key)


async def put_off_look_up(order: LockedOrder, row: Row[Any], policy: PaymentPolicy) -> None:
    """The provider does not tell what became of an effect that it took: it is asked again after a while."""
    await order.connection.execute(
        update(payment_intents).where(payment_intents.c.key == row.key).values(attempts=0)
    )
    order.set(payment_retry_at=order.now + policy.look_up_after)


def await_customer(order: LockedOrder, row: Row[Any], url: str, policy: PaymentPolicy) -> None:
    """The customer has to confirm at `url`, for as long as one may bring another means of payment."""
    if order.values["payment_action"] is None:
        due_by = order.now + policy.grace
        order.pay(PaymentStatus.ACTION_REQUIRED)
        order.set(payment_due_by=due_by)
        order.record("payment.action_required", amount=row.amount, key=row.key, due_by=due_by.isoformat())
    order.set(payment_action=url)


async def call_off(order: LockedOrder, row: Row[Any]) -> None:
    """Nothing is left to pay that the customer could confirm."""
    await abandon(order, row)
    order.pay(status_after(order.money))


async def abandon(order: LockedOrder, row: Row[Any]) -> None:
    """Nobody waits for an authorization any more: what it may set aside is let go next.

    One of which no answer came has no reference to void it by: what became of it is looked up first.

    The caller says what becomes of the payment status.
    """
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.key == row.key)
        .values(status="abandoned", attempts=0, resolved_at=order.now)
    )
    order.set(
        open_intent=None,
        payment_action=None,
        payment_due_by=None,
        payment_retry_at=None,
        abandoned=row.amount,
    )
    order.record("payment.abandoned", amount=row.amount, key=row.key)
