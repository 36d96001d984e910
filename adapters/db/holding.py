"""Holds: placed and lifted under the order's lock, so that what they block waits from that moment on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select, update

from adapters.db.locked_order import LockedOrder
from adapters.db.securing import trust
from adapters.db.tables import holds
from domain.errors import NotFound, StateConflict
from domain.holds import REVIEW, HeldStep, Hold
from domain.ids import hold_id
from domain.payment_status import PaymentStatus

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class NewHold:
    """A hold to be placed; `expires_at` is aware, None for one that somebody must lift."""

    type: str
    reason: str
    blocks: Collection[HeldStep]
    expires_at: datetime | None = None


async def place_hold(order: LockedOrder, new: NewHold) -> Hold:
    """Place a hold. Raises StateConflict when nothing of the order is left that could wait.

    Does not save the order.
    """
    if order.closed or not order.units.live:
        raise StateConflict("the order is over: nothing is left to hold")
    if len(order.holds) >= _MOST and new.type != REVIEW:  # a doubt is not lost for want of room
        raise StateConflict(f"the order has {_MOST} active holds")
    known = await order.connection.execute(
        select(func.count()).select_from(holds).where(holds.c.order_id == order.id)
    )
    number = known.scalar_one() + 1
    hold = Hold(hold_id(order.id, number), new.type, new.reason, frozenset(new.blocks), new.expires_at)
    await order.connection.execute(
        insert(holds).values(
            id=hold.id, order_id=order.id, number=number, type=hold.type, reason=hold.reason,
            blocks=sorted(hold.blocks), placed_at=order.now, placed_by=order.actor,
            expires_at=hold.expires_at,
        )
    )  # fmt: skip
    order.holds.append(hold)
    order.set(active_holds=len(order.holds))
    order.record(
        "hold.placed",
        hold_id=hold.id,
        hold_type=hold.type,
        reason=hold.reason,
        blocks=sorted(hold.blocks),
        expires_at=hold.expires_at.isoformat() if hold.expires_at else None,
    )
    return hold


async def lift_hold(order: LockedOrder, name: str) -> None:
    """Lift a hold; one that has ended stays ended. Raises NotFound. Does not save the order."""
    hold = next((one for one in order.holds if one.id == name), None)
    if hold is not None:
        await _end(order, hold, "hold.lifted")
        return
    ended = await order.connection.execute(
        select(holds.c.id).where(holds.c.id == name, holds.c.order_id == order.id)
    )
    if ended.first() is None:
        raise NotFound(f"the order has no hold {name}")


async def expire_holds(order: LockedOrder) -> None:
    """End the holds whose time is over."""
    for hold in [one for one in order.holds if one.expires_at is not None and one.expires_at <= order.now]:
        await _end(order, hold, "hold.expired")


async def end_holds(order: LockedOrder) -> None:
    """An order that closes takes its holds with it."""
    for hold in list(order.holds):
        await _end(order, hold, "hold.ended")


async def end_reviews(order: LockedOrder, event: str) -> None:
    """End the holds that wait for a reviewer, who has answered; `hold.lifted` is the yes."""
    for hold in [one for one in order.holds if one.type == REVIEW]:
        await _end(order, hold, event)


async def _end(order: LockedOrder, hold: Hold, event: str) -> None:
    await order.connection.execute(
        update(holds).where(holds.c.id == hold.id).values(ended_at=order.now, ended_by=order.actor)
    )
    order.holds.remove(hold)
    order.set(active_holds=len(order.holds))
    order.record(event, hold_id=hold.id, hold_type=hold.type)
    if event == "hold.lifted" and _reviewed(order, hold):
        trust(order)


def _reviewed(order: LockedOrder, lifted: Hold) -> bool:
    """Whether somebody has said yes to the last doubt about the payment."""
    doubts = any(one.type == REVIEW for one in order.holds)
    return lifted.type == REVIEW and not doubts and order.payment_status is PaymentStatus.REVIEW
