"""Rerouting: units that are still loose come back from their locations, and the DOM is asked again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from adapters.db.attention import NO_LOCATION_LEFT, TOO_MANY_FAILURES, clear
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work
from adapters.db.stock import StockChange, levels
from adapters.db.supply import supply
from adapters.db.tables import backorders, locations
from adapters.db.withdrawal import withdraw
from domain.errors import InvalidContent, StateConflict
from domain.fulfillment_status import RETRACTABLE
from domain.quantities import Bucket


@dataclass(frozen=True, slots=True)
class Reroute:
    """Which work to take back (None: all that can be), and where its units may go instead.

    What an earlier reroute excluded or pinned no longer counts.
    With neither `exclude` nor `pin` the location that is taken from is excluded.
    """

    fulfillment_id: str | None
    exclude: tuple[str, ...]
    pin: str | None
    reason: str


async def reroute(order: LockedOrder, wanted: Reroute) -> None:
    """Take units back and have them routed again; does not save the order.

    Raises InvalidContent for names that do not exist, StateConflict when nothing is loose any more, or when
    the pinned location does not have the units.
    """
    await _check_locations(order, wanted)
    works = _works(order, wanted)
    units = _units(order, works, wanted)
    if order.values["routing"] == "manual" and not works:
        raise StateConflict("a person routes this order: allocate its units")
    if not units:
        raise StateConflict("nothing can be rerouted: every unit is packed, shipped or cancelled")
    if wanted.pin is not None:
        await _check_stock(order, wanted.pin, works, units)
    freed = _withdrawn(order, works)
    if wanted.fulfillment_id is None:
        await _leave_queue(order)
    _instruct(order, wanted, works)
    order.record(
        "order.rerouted",
        reason=wanted.reason,
        fulfillments=[work.id for work in works],
        excluded=order.values["excluded_locations"],
        pinned=wanted.pin,
    )
    await supply(order.connection, freed, actor=order.actor, now=order.now, held={order.id: order})


async def take_all_back(order: LockedOrder) -> None:
    """Have every unit that is still loose routed again, wherever it waits; does not save the order.

    What an earlier reroute excluded or pinned no longer counts.
    """
    freed = _withdrawn(order, [work for work in order.open_works() if work.status in RETRACTABLE])
    await _leave_queue(order)
    order.set(excluded_locations=[], pinned_location=None)
    await supply(order.connection, freed, actor=order.actor, now=order.now, held={order.id: order})


def _withdrawn(order: LockedOrder, works: Sequence[Work]) -> list[StockChange]:
    return [
        withdraw(order, work, line.line_id, line.to_ship, to=Bucket.PENDING)
        for work in works
        for line in work.lines.values()
        if line.to_ship
    ]


async def _check_locations(order: LockedOrder, wanted: Reroute) -> None:
    if order.values["delivery_method"] == "pickup":
        raise StateConflict("the customer chose where to pick this order up")
    named = {f"/exclude_locations/{index}": name for index, name in enumerate(wanted.exclude)}
    named |= {"/pin_location": wanted.pin} if wanted.pin is not None else {}
    rows = await order.connection.execute(
        select(locations.c.id, locations.c.active).where(locations.c.id.in_(set(named.values())))
    )
    active = {row.id: row.active for row in rows}
    for pointer, name in named.items():
        if name not in active:
            raise InvalidContent("there is no such location", pointer)
    if wanted.pin is not None and wanted.pin in wanted.exclude:
        raise InvalidContent("the location is excluded as well", "/pin_location")
    if wanted.pin is not None and not active[wanted.pin]:
        raise StateConflict(f"{wanted.pin} is not open")


def _works(order: LockedOrder, wanted: Reroute) -> list[Work]:
    if wanted.fulfillment_id is None:
        return [work for work in order.open_works() if work.status in RETRACTABLE]
    work = order.works.get(wanted.fulfillment_id)
    if work is None:
        raise InvalidContent("the order has no such fulfillment order", "/fulfillment_id")
    if work.status not in RETRACTABLE:
        raise StateConflict(f"the work is {work.status}: its units are not loose any more")
    return [work]


def _units(order: LockedOrder, works: Sequence[Work], wanted: Reroute) -> dict[str, int]:
    """What is routed again, by line."""
    units: dict[str, int] = {}
    for work in works:
        for line in work.lines.values():
            units[line.line_id] = units.get(line.line_id, 0) + line.to_ship
    if wanted.fulfillment_id is None:
        for one in order.lines.values():
            waiting = one.quantities.pending + one.quantities.backordered
            units[one.line_id] = units.get(one.line_id, 0) + waiting
    return {line_id: quantity for line_id, quantity in units.items() if quantity}


async def _check_stock(order: LockedOrder, pin: str, works: Sequence[Work], units: dict[str, int]) -> None:
    wanted: dict[str, int] = {}
    for line_id, quantity in units.items():
        sku = order.lines[line_id].sku
        wanted[sku] = wanted.get(sku, 0) + quantity
    there = await levels(order.connection, [(pin, sku) for sku in sorted(wanted)])
    for sku, quantity in sorted(wanted.items()):
        level = there.get((pin, sku))
        own = sum(
            line.to_ship for work in works if work.location_id == pin for line in work.lines.values()
            if line.sku == sku
        )  # fmt: skip
        available = (max(level.available, 0) if level is not None else 0) + own
        if available < quantity:
            raise StateConflict(f"{pin} has {available} of {quantity} units of {sku}")


async def _leave_queue(order: LockedOrder) -> None:
    """Units that wait for stock are looked at again as well."""
    await order.connection.execute(delete(backorders).where(backorders.c.order_id == order.id))
    for line in order.lines.values():
        order.move(line.line_id, Bucket.BACKORDERED, Bucket.PENDING, line.quantities.backordered)
    order.retry_at = None


def _instruct(order: LockedOrder, wanted: Reroute, works: Sequence[Work]) -> None:
    exclude = set(wanted.exclude)
    if not wanted.exclude and wanted.pin is None and wanted.fulfillment_id is not None:
        exclude |= {work.location_id for work in works}
    order.set(excluded_locations=sorted(exclude - {wanted.pin}), pinned_location=wanted.pin)
    if order.values["attention"] in {TOO_MANY_FAILURES, NO_LOCATION_LEFT}:
        clear(order)
        order.set(forgiven=max((work.number for work in order.works.values()), default=0))
