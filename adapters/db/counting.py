"""Counts and adjustments: what is on hand is true, whatever was promised of it.

A level below what is reserved ends checkout holds, the newest first, and then takes the latest promises back:
their units are pending again, in the same transaction, and their orders are routed afresh. Orders are locked
before the cell, as everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.capacity import return_taken
from adapters.db.checkout_holds import let_go, lock_latest
from adapters.db.engine import LookAgain
from adapters.db.locked_order import LockedOrder, lock_orders
from adapters.db.order_rows import Work
from adapters.db.parcels import end_work
from adapters.db.stock import (
    Cell,
    Level,
    StockChange,
    ensure_cell,
    last_count,
    levels,
    mark_counted,
    moved_since,
)
from adapters.db.supply import release_earmarks, supply
from adapters.db.tables import earmarks, fulfillment_lines, fulfillment_orders
from adapters.db.withdrawal import withdraw
from domain.errors import StateConflict
from domain.fulfillment_status import OPEN_WORK, FulfillmentStatus
from domain.quantities import Bucket
from domain.reservation_status import ReservationStatus


@dataclass(frozen=True, slots=True)
class StockCount:
    """What somebody counted in a cell, and when."""

    location_id: str
    sku: str
    on_hand: int
    as_of: datetime


async def count_many(
    connection: AsyncConnection, counts: Sequence[StockCount], *, actor: str, now: datetime
) -> None:
    """Take counts over, in (SKU, location) order."""
    for one in sorted(counts, key=lambda count: (count.sku, count.location_id)):
        await take_count(connection, one, actor=actor, now=now)


async def take_count(connection: AsyncConnection, count: StockCount, *, actor: str, now: datetime) -> None:
    """Take a count over; what moved since `as_of` is added to it.

    A count older than the one the level rests on says nothing new and changes nothing.
    """
    cell = (count.location_id, count.sku)
    await ensure_cell(connection, cell, now)
    moved = await moved_since(connection, cell, count.as_of)
    victims = await _lock_promised(connection, cell, max(count.on_hand + moved, 0), actor=actor, now=now)
    counted_at = await last_count(connection, cell)
    if counted_at is not None and count.as_of < counted_at:
        return
    target = max(count.on_hand + await moved_since(connection, cell, count.as_of), 0)
    await _set_level(connection, cell, lambda _: target, victims, _Cause("count", actor, now))
    await mark_counted(connection, cell, count.as_of)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Units that came to a cell or left it, and why."""

    location_id: str
    sku: str
    delta: int
    reason: str


async def adjust(connection: AsyncConnection, change: Adjustment, *, actor: str, now: datetime) -> None:
    """Book units in or out; raises StateConflict when more would leave than are there."""
    cell = (change.location_id, change.sku)
    await ensure_cell(connection, cell, now)
    before = (await levels(connection, [cell]))[cell]
    victims = await _lock_promised(connection, cell, before.on_hand + change.delta, actor=actor, now=now)
    await last_count(connection, cell)
    cause = _Cause(f"adjustment: {change.reason}", actor, now)
    await _set_level(connection, cell, lambda level: level.on_hand + change.delta, victims, cause)


@dataclass(frozen=True, slots=True)
class _Cause:
    reason: str
    actor: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _Promised:
    """Who may lose units: carts, of which nobody paid any, before orders."""

    holds: list[str]
    orders: dict[str, LockedOrder]


async def _set_level(
    connection: AsyncConnection,
    cell: Cell,
    target: Callable[[Level], int],
    victims: _Promised,
    cause: _Cause,
) -> None:
    level = (await levels(connection, [cell]))[cell]
    on_hand = target(level)
    if on_hand < 0:
        raise StateConflict(f"{cell[0]} holds {level.on_hand} units of {cell[1]}: more cannot leave it")
    shortage = level.reserved - on_hand
    withdrawn = victims.holds if shortage > 0 else []
    freed = await let_go(connection, withdrawn, ReservationStatus.WITHDRAWN, cause.now)
    shortage += sum(change.reserved for change in freed.changes if change.cell == cell)
    changes = freed.changes + await _take_back(cell, shortage, victims.orders)
    changes.append(StockChange(*cell, cause.reason, on_hand=on_hand - level.on_hand))
    await supply(connection, changes, actor=cause.actor, now=cause.now, held=victims.orders)
    for order in victims.orders.values():
        await order.save()
    await return_taken(connection, freed.taken)


async def _lock_promised(
    connection: AsyncConnection, cell: Cell, on_hand: int, *, actor: str, now: datetime
) -> _Promised:
    """Lock the holds and the orders that may lose a promise when a cell falls to `on_hand`."""
    level = (await levels(connection, [cell]))[cell]
    if level.reserved <= on_hand:
        return _Promised([], {})
    holds = await lock_latest(connection, cell, level.reserved - on_hand)
    holders = await connection.execute(
        select(fulfillment_orders.c.order_id)
        .join(fulfillment_lines, fulfillment_lines.c.fulfillment_id == fulfillment_orders.c.id)
        .where(
            fulfillment_orders.c.location_id == cell[0],
            fulfillment_orders.c.status.in_([status.value for status in OPEN_WORK]),
            fulfillment_lines.c.sku == cell[1],
            fulfillment_lines.c.quantity > fulfillment_lines.c.shipped,
        )
        .union(
            select(earmarks.c.order_id).where(earmarks.c.location_id == cell[0], earmarks.c.sku == cell[1])
        )
    )
    return _Promised(holds, await lock_orders(connection, holders.scalars(), actor=actor, now=now))


async def _take_back(cell: Cell, shortage: int, victims: Mapping[str, LockedOrder]) -> list[StockChange]:
    """Take promises back until `shortage` units are free: marks first, then the latest promise."""
    changes: list[StockChange] = []
    if shortage <= 0:
        return changes
    for order in victims.values():
        marks = await release_earmarks(order, {})
        changes += marks
        shortage += sum(mark.reserved for mark in marks if mark.cell == cell)
    works = [(order, work) for order in victims.values() for work in order.open_works()]
    at_cell = [(order, work) for order, work in works if work.location_id == cell[0]]
    for order, work in sorted(at_cell, key=lambda pair: _promise(*pair), reverse=True):
        for line in [one for one in work.lines.values() if one.sku == cell[1] and one.to_ship]:
            taken = min(line.to_ship, max(shortage, 0))
            if taken:
                changes.append(withdraw(order, work, line.line_id, taken, to=Bucket.PENDING))
                order.record("line.displaced", line_id=line.line_id, location_id=cell[0], quantity=taken)
                await end_work(order, work)
                shortage -= taken
    if shortage > 0:
        raise LookAgain
    return changes


_PACKED = {FulfillmentStatus.PACKED, FulfillmentStatus.READY_FOR_PICKUP}


def _promise(order: LockedOrder, work: Work) -> tuple[bool, datetime, str]:
    """What the customer was promised; packed units are in the location's hands and are taken back last."""
    promised = order.values["deliver_by"] or order.values["promised_at"] or work.ship_by
    return work.status not in _PACKED, promised, work.id
