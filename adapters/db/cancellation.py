"""Cancelling units that have not shipped, under the lock that a shipment needs as well."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.db.attention import ENDED_BY_CANCEL, clear
from adapters.db.checkout_holds import return_capacity
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import LockedLine, Work
from adapters.db.parcels import end_work, pay_back_shipping
from adapters.db.securing import need_no_more
from adapters.db.stock import StockChange
from adapters.db.supply import leave_queue, release_earmarks, supply
from adapters.db.withdrawal import withdraw
from domain.errors import InvalidContent, NothingToCancel
from domain.fulfillment_status import FulfillmentStatus
from domain.quantities import Bucket


@dataclass(frozen=True, slots=True)
class LineUnits:
    """Some units of one line."""

    line_id: str
    quantity: int


async def cancel(order: LockedOrder, lines: Sequence[LineUnits] | None, *, reason: str) -> dict[str, int]:
    """Cancel the named units, all or nothing, or every unshipped unit; returns line id to units cancelled.

    Raises NothingToCancel when (some of) what is asked for cannot be kept from shipping any more, and
    InvalidContent for lines that the order does not have. Does not save the order.
    """
    wanted = _every_unshipped(order) if lines is None else _asked_for(order, lines)
    if not wanted:
        raise NothingToCancel("no unit is left that could be kept from shipping")
    freed = []
    for line_id, quantity in wanted.items():
        freed += await _cancel_line(order, order.lines[line_id], quantity)
    freed += await release_earmarks(
        order, {one.line_id: one.quantities.pending for one in order.lines.values()}
    )
    order.record(
        "order.cancelled" if order.units.live == 0 else "lines.cancelled",
        reason=reason,
        lines=[{"line_id": line_id, "quantity": quantity} for line_id, quantity in wanted.items()],
    )
    if order.units.unshipped == 0 and order.values["attention"] in ENDED_BY_CANCEL:
        clear(order)
    await pay_back_shipping(order)
    if order.values["open_intent"] is None:
        need_no_more(order)
    await supply(order.connection, freed, actor=order.actor, now=order.now, held={order.id: order})
    if not order.units.pending:
        await return_capacity(order)
    return wanted


def _every_unshipped(order: LockedOrder) -> dict[str, int]:
    return {
        line.line_id: line.quantities.unshipped for line in order.lines.values() if line.quantities.unshipped
    }


def _asked_for(order: LockedOrder, lines: Sequence[LineUnits]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for index, units in enumerate(lines):
        if units.line_id not in order.lines:
            raise InvalidContent("the order has no such line", f"/lines/{index}/line_id")
        wanted[units.line_id] = wanted.get(units.line_id, 0) + units.quantity
    for line_id, quantity in wanted.items():
        unshipped = order.lines[line_id].quantities.unshipped
        if quantity > unshipped:
            raise NothingToCancel(
                f"{quantity} units of line {line_id} cannot be cancelled: {unshipped} have not shipped"
            )
    return wanted


async def _cancel_line(order: LockedOrder, line: LockedLine, quantity: int) -> list[StockChange]:
    """Cancel first what no location has, then what the least advanced location has."""
    pending = min(quantity, line.quantities.pending)
    order.move(line.line_id, Bucket.PENDING, Bucket.CANCELLED, pending)
    waiting = min(quantity - pending, line.quantities.backordered)
    if waiting:
        await leave_queue(order, line.line_id, waiting)
        order.move(line.line_id, Bucket.BACKORDERED, Bucket.CANCELLED, waiting)
    left = quantity - pending - waiting
    freed = []
    for work in sorted(order.open_works(), key=_advance):
        asked = work.lines.get(line.line_id)
        taken = min(left, asked.to_ship) if asked else 0
        if taken:
            freed.append(withdraw(order, work, line.line_id, taken, to=Bucket.CANCELLED))
            left -= taken
            await end_work(order, work)
    return freed


_STEPS = list(FulfillmentStatus)


def _advance(work: Work) -> tuple[int, int]:
    return _STEPS.index(work.status), -work.number
