"""Parcels of closed orders that did not stay with the customer: a person says whether they are paid back."""

from collections.abc import Mapping

from sqlalchemy import exists, insert, select, update

from adapters.db.attention import UNDELIVERED_AFTER_CLOSE, clear, park, stopped
from adapters.db.locked_order import LockedOrder
from adapters.db.refunds import Owed, left_to_give_back, owe_refund
from adapters.db.tables import claims
from domain.refund_policy import RefundKind, limited


async def ask_about(order: LockedOrder, parcel_id: str, moved: Mapping[str, int], cause: str) -> None:
    """Ask whether units (by line) of a parcel are paid back after the close. Does not save the order."""
    await order.connection.execute(
        insert(claims).values(
            order_id=order.id, parcel_id=parcel_id, cause=cause, lines=dict(moved), asked_at=order.now
        )
    )
    if order.values["attention"] is None:
        park(order, UNDELIVERED_AFTER_CLOSE, parcel_id=parcel_id)


async def answer_claims(order: LockedOrder, *, pay_back: bool, reason: str) -> None:
    """Pay back what is asked about, or leave it with that. Does not save the order.

    Raises IllegalTransition when nothing is asked.
    """
    cause = stopped(order)
    clear(order)
    action = "retry" if pay_back else "skip"
    order.record("order.resumed", stopped=cause, action=action, reason=reason)
    asked = await order.connection.execute(
        update(claims)
        .where(claims.c.order_id == order.id, claims.c.answered_at.is_(None))
        .values(answered_at=order.now, answered_by=order.actor, paid_back=pay_back)
        .returning(claims.c.parcel_id, claims.c.cause, claims.c.lines)
    )
    for row in sorted(asked.all(), key=lambda one: str(one.parcel_id)):
        if pay_back:
            await _pay_back(order, row.parcel_id, row.lines, row.cause)


async def _pay_back(order: LockedOrder, parcel_id: str, lines: Mapping[str, int], cause: str) -> None:
    told = [{"line_id": line_id, "quantity": units} for line_id, units in sorted(lines.items())]
    order.record("parcel.paid_back", parcel_id=parcel_id, lines=told)
    worth = sum(order.refund_units(line_id, units) for line_id, units in lines.items())
    amount, adjustments = limited(worth, (), await left_to_give_back(order))
    await owe_refund(
        order, Owed(RefundKind.UNDELIVERED, cause, amount=amount, adjustments=tuple(adjustments))
    )


async def ask_again(order: LockedOrder) -> None:
    """Put what is still asked before a person again, once nothing else is. Does not save the order."""
    if not order.closed or order.values["attention"] is not None:
        return
    asked = exists().where(claims.c.order_id == order.id, claims.c.answered_at.is_(None))
    if (await order.connection.execute(select(asked))).scalar_one():
        park(order, UNDELIVERED_AFTER_CLOSE)
