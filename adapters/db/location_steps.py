"""What a location does before its work ships: accept, reject, pick, pack, make ready for pickup.

A step that already holds changes nothing; a step that cannot follow raises IllegalTransition.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.cancellation import LineUnits
from adapters.db.cool_offs import rest
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work
from adapters.db.stock import StockChange
from adapters.db.supply import supply
from adapters.db.tables import fulfillment_orders
from adapters.db.withdrawal import withdraw
from domain.errors import FulfillmentChanged, InvalidContent, NotFound
from domain.fulfillment_status import FulfillmentStatus as Status
from domain.quantities import Bucket

_UNDER_WAY: Final = {Status.PICKING, Status.PACKED, Status.READY_FOR_PICKUP, Status.PARTIALLY_SHIPPED}
"""The location has taken the work on and gone further; it can still take note of a change."""


async def order_of(connection: AsyncConnection, fulfillment_id: str) -> tuple[str, str]:
    """The order and the location of a fulfillment order; raises NotFound."""
    found = await connection.execute(
        select(fulfillment_orders.c.order_id, fulfillment_orders.c.location_id).where(
            fulfillment_orders.c.id == fulfillment_id
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound(f"there is no fulfillment order {fulfillment_id}")
    return row.order_id, row.location_id


async def accept(order: LockedOrder, work: Work) -> None:
    """The location takes the work on, as it is now; accepting again takes note of a changed version."""
    if work.status is Status.ACCEPTED and work.seen_version == work.version:
        return
    if work.status in _UNDER_WAY and work.seen_version < work.version:
        work.set(seen_version=work.version)
        order.record("fulfillment.change_accepted", **_names(work), version=work.version)
        return
    if work.status is not Status.ACCEPTED:
        work.step(Status.ACCEPTED)
    work.set(seen_version=work.version)
    order.record("fulfillment.accepted", **_names(work), version=work.version)


async def reject(order: LockedOrder, work: Work, *, reason: str, cool_off: timedelta = timedelta(0)) -> None:
    """The location cannot do it: its units are routed again, without this location, which then rests."""
    if work.status is Status.REJECTED:
        return
    work.step(Status.REJECTED)
    work.set(reason=reason)
    order.record("fulfillment.rejected", **_names(work), reason=reason)
    await _give_up(order, work, "rejected")
    await rest(order.connection, [work.location_id], now=order.now, cool_off=cool_off)


async def expire_offer(order: LockedOrder, work: Work) -> None:
    """The location did not answer in time: its units are routed again, without this location."""
    work.step(Status.EXPIRED)
    work.set(reason="not_accepted_in_time")
    order.record("fulfillment.expired", **_names(work))
    await _give_up(order, work, "expired")


def failures(order: LockedOrder) -> int:
    """How often locations could not do what they were asked, since a person last forgave them."""
    failed = [
        work
        for work in order.works.values()
        if work.status in {Status.REJECTED, Status.EXPIRED} or work.reason == "short_pick"
    ]
    return sum(work.number > order.values["forgiven"] for work in failed)


async def _give_up(order: LockedOrder, work: Work, why: str) -> None:
    freed = []
    for line in work.lines.values():
        freed.append(
            StockChange(
                work.location_id, line.sku, why, reserved=-line.to_ship, order_id=order.id,
                fulfillment_id=work.id,
            )
        )  # fmt: skip
        order.move(line.line_id, Bucket.ALLOCATED, Bucket.PENDING, line.to_ship)
    await supply(order.connection, freed, actor=order.actor, now=order.now, held={order.id: order})


async def pick(order: LockedOrder, work: Work, lines: Sequence[LineUnits] | None) -> None:
    """The location has units in hand; what it has less than asked is short, and is routed again."""
    asked = {line.line_id: line.to_ship for line in work.lines.values() if line.to_ship}
    found = asked if lines is None else _found(work, lines)
    if work.status is Status.PICKING and found == _in_hand(work):
        return
    if work.status is not Status.PICKING:
        work.step(Status.PICKING)
    if lines is not None:
        work.set(seen_version=work.version)
    for line_id in asked:
        work.lines[line_id].picked = found.get(line_id, 0)
        work.changed_lines.add(line_id)
    order.record("fulfillment.picked", **_names(work), lines=_listed(found))
    short = {line_id: units - found.get(line_id, 0) for line_id, units in asked.items()}
    await _short(order, work, {line_id: units for line_id, units in short.items() if units > 0})


def _found(work: Work, lines: Sequence[LineUnits]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, units in enumerate(lines):
        line = work.lines.get(units.line_id)
        if line is None:
            raise InvalidContent("the fulfillment order has no such line", f"/lines/{index}/line_id")
        found[units.line_id] = found.get(units.line_id, 0) + units.quantity
        if found[units.line_id] > line.to_ship:
            raise FulfillmentChanged(
                f"line {units.line_id} asks for {line.to_ship} units, not {found[units.line_id]}"
            )
    return {line_id: units for line_id, units in found.items() if units}


def _in_hand(work: Work) -> dict[str, int]:
    return {line.line_id: line.picked for line in work.lines.values() if line.picked}


async def _short(order: LockedOrder, work: Work, short: dict[str, int]) -> None:
    """What a location could not find it does not have: the count is put right with the reservation."""
    if not short:
        return
    work.set(reason="short_pick")
    changes = []
    for line_id, units in short.items():
        sku = work.lines[line_id].sku
        withdraw(order, work, line_id, units, to=Bucket.PENDING)
        changes.append(
            StockChange(
                work.location_id, sku, "short pick", on_hand=-units, reserved=-units, order_id=order.id,
                fulfillment_id=work.id,
            )
        )  # fmt: skip
    work.set(seen_version=work.version)
    order.record("fulfillment.short_picked", **_names(work), lines=_listed(short))
    await supply(order.connection, changes, actor=order.actor, now=order.now, held={order.id: order})


async def pack(order: LockedOrder, work: Work) -> None:
    """The units are packed."""
    if work.status is not Status.PACKED:
        work.step(Status.PACKED)
        order.record("fulfillment.packed", **_names(work))


async def make_ready(order: LockedOrder, work: Work) -> None:
    """The customer can come for the units; only orders to be picked up get here."""
    if order.values["delivery_method"] != "pickup":
        raise FulfillmentChanged("this order is shipped to the customer, not picked up")
    if work.status is not Status.READY_FOR_PICKUP:
        work.step(Status.READY_FOR_PICKUP)
        order.record("fulfillment.ready_for_pickup", **_names(work))


def _names(work: Work) -> dict[str, str]:
    return {"fulfillment_id": work.id, "location_id": work.location_id}


def _listed(units: dict[str, int]) -> list[dict[str, object]]:
    return [{"line_id": line_id, "quantity": quantity} for line_id, quantity in sorted(units.items())]
