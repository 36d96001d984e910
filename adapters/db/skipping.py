"""Skipping a step of money that was refused: nobody pursues it any more, and the ledger says so."""

from typing import Final

from sqlalchemy import insert

from adapters.db.attention import REFUND_FAILED, clear, stopped
from adapters.db.authorizations import end_at_provider, holding
from adapters.db.ledger import post_payment_write_off
from adapters.db.locked_order import LockedOrder
from adapters.db.refunds import issue_credits, promised_beyond, write_off_refunds
from adapters.db.returns import complete_returns
from adapters.db.tables import write_offs
from domain.errors import StateConflict
from domain.payment import MoneyStep

_SKIPPED: Final = {
    "capture_refused": MoneyStep.CAPTURE,
    "authorization_declined": MoneyStep.CAPTURE,
    "void_refused": MoneyStep.VOID,
    "refund_refused": MoneyStep.REFUND,
    REFUND_FAILED: MoneyStep.REFUND,
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
    await _enter(order, step, amount, reason)
    if step is MoneyStep.CAPTURE:
        await _owe_no_more_than_is_paid(order, reason)
    clear(order)
    order.record("order.step_skipped", stopped=cause, reason=reason, amount=amount)
    await issue_credits(order)
    await complete_returns(order)


async def _enter(order: LockedOrder, step: MoneyStep, amount: int, reason: str) -> None:
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


async def _owe_no_more_than_is_paid(order: LockedOrder, reason: str) -> None:
    """Nobody gets back what nobody paid, though it was promised while the payment was still expected."""
    excess = promised_beyond(order)
    await write_off_refunds(order, excess, credit_too=True)
    await _enter(order, MoneyStep.REFUND, excess, reason)


async def _write_off(order: LockedOrder, step: MoneyStep) -> int:
    """Take what a step was for out of the order's money; returns the amount."""
    position = order.money
    match step:
        case MoneyStep.CAPTURE:
            post_payment_write_off(order, position.uncaptured)
            order.set(written_off=order.values["written_off"] + position.uncaptured)
            return position.uncaptured
        case MoneyStep.REFUND:
            amount = int(order.values["refund_due"] - order.values["refunded"])
            await write_off_refunds(order, amount, credit_too=False)
            order.set(refunds_skipped=order.values["refunds_skipped"] + amount)
            return amount
        case _:
            return await _let_go(order)


async def _let_go(order: LockedOrder) -> int:
    """What the provider will not void ends there by itself."""
    status = "superseded" if order.values["superseded"] else "succeeded"
    ended = await holding(order, status)
    for held in ended:
        await end_at_provider(order, held)
    return sum(held.held for held in ended)
