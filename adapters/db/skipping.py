"""Skipping a step of money that was refused: nobody pursues it any more, and the ledger says so."""

from typing import Final

from sqlalchemy import insert, update

from adapters.db.attention import clear, stopped
from adapters.db.authorizations import end_at_provider, holding
from adapters.db.ledger import post_write_off
from adapters.db.locked_order import LockedOrder
from adapters.db.returns import complete_returns
from adapters.db.tables import refunds, write_offs
from domain.errors import StateConflict
from domain.payment import MoneyStep

_SKIPPED: Final = {
    "capture_refused": MoneyStep.CAPTURE,
    "authorization_declined": MoneyStep.CAPTURE,
    "void_refused": MoneyStep.VOID,
    "refund_refused": MoneyStep.REFUND,
}


async def skip(order: LockedOrder, *, reason: str) -> None:
    """Leave a refused step of money undone: its amount is written off, and the order goes on.

    Raises IllegalTransition when nothing stopped, StateConflict for what cannot be skipped: a step whose
    outcome is unknown, or one that is not about money. Does not save the order.
    """
    cause = stopped(order)
    step = _SKIPPED.get(cause)
    if step is None:
        raise StateConflict(f"{cause} cannot be skipped: only a step of money that was refused can")
    amount = await _write_off(order, step)
    if amount:
        await order.connection.execute(
            insert(write_offs).values(
                order_id=order.id,
                step=step.value,
                amount=amount,
                reason=reason,
                actor=order.actor,
                at=order.now,
            )
        )
    clear(order)
    order.record("order.step_skipped", stopped=cause, reason=reason, amount=amount)
    await complete_returns(order)


async def _write_off(order: LockedOrder, step: MoneyStep) -> int:
    """Take what a step was for out of the order's money; returns the amount."""
    position = order.money
    match step:
        case MoneyStep.CAPTURE:
            post_write_off(order, position.uncaptured, of_refund=False)
            order.set(written_off=order.values["written_off"] + position.uncaptured)
            return position.uncaptured
        case MoneyStep.REFUND:
            post_write_off(order, position.unrefunded, of_refund=True)
            order.set(refund_due=order.values["refund_due"] - position.unrefunded)
            await _write_off_refunds(order)
            return position.unrefunded
        case _:
            return await _let_go(order)


async def _let_go(order: LockedOrder) -> int:
    """What the provider will not void ends there by itself."""
    status = "superseded" if order.values["superseded"] else "succeeded"
    ended = await holding(order, status)
    for held in ended:
        await end_at_provider(order, held)
    return sum(held.held for held in ended)


async def _write_off_refunds(order: LockedOrder) -> None:
    owed = refunds.c.amount - refunds.c.paid
    await order.connection.execute(
        update(refunds).where(refunds.c.order_id == order.id).values(written_off=owed)
    )
