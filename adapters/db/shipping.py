"""Units leave a location: the one fact that a cancel races, decided under the order's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import insert, select

from adapters.db.cancellation import LineUnits
from adapters.db.carriage import catch_up
from adapters.db.invoices import write_invoice
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work
from adapters.db.stock import StockChange, change_stock
from adapters.db.tables import parcel_lines, parcels
from domain.errors import FulfillmentChanged, IllegalTransition, InvalidContent, OrderHeld
from domain.fulfillment_status import OPEN_WORK
from domain.fulfillment_status import FulfillmentStatus as Status
from domain.holds import HeldStep
from domain.ids import parcel_id
from domain.quantities import Bucket
from domain.tracking import TrackingStatus

LOST_AFTER: Final = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class ShippedParcel:
    """A parcel as the location hands it over; `lines` None means everything that is left to ship."""

    carrier: str
    tracking_number: str
    service: str | None = None
    lines: tuple[LineUnits, ...] | None = None


async def ship(
    order: LockedOrder,
    work: Work,
    shipped: Sequence[ShippedParcel],
    *,
    version: int | None = None,
    lost_after: timedelta = LOST_AFTER,
) -> None:
    """Ship parcels; repeating a step that holds changes nothing.

    `lost_after`: how long carriers may be silent about a parcel before somebody looks.

    Raises FulfillmentChanged when the location acts on what it is no longer asked for, IllegalTransition
    when the work has ended, InvalidContent for parcels that cannot be.
    """
    if await _already_shipped(order, work, shipped):
        return
    if order.values["delivery_method"] == "pickup":
        raise IllegalTransition("the customer picks this order up: make it ready, then collect")
    if work.status not in OPEN_WORK:
        raise IllegalTransition(_refusal(work))
    check_released(order)
    contents = _contents(work, shipped, version)
    await _leave(order, work, contents)
    await _write_parcels(order, work, shipped, contents)
    rest = any(line.to_ship for line in work.lines.values())
    work.step(Status.PARTIALLY_SHIPPED if rest else Status.SHIPPED)
    work.set(
        shipments=work.shipments + 1, shipped_at=order.now, silent_at=work.silent_at or order.now + lost_after
    )
    order.record(
        "fulfillment.shipped",
        fulfillment_id=work.id,
        location_id=work.location_id,
        complete=not rest,
        parcels=[
            {
                "carrier": parcel.carrier,
                "service": parcel.service,
                "tracking_number": parcel.tracking_number,
                "lines": [{"line_id": one.line_id, "quantity": one.quantity} for one in lines],
            }
            for parcel, lines in zip(shipped, contents, strict=True)
        ],
    )
    for parcel in shipped:
        await catch_up(order, parcel.tracking_number)


async def collect(order: LockedOrder, work: Work) -> None:
    """The customer has come for the units: they are shipped and delivered in one."""
    if work.status is Status.DELIVERED:
        return
    if work.status is not Status.READY_FOR_PICKUP:
        raise IllegalTransition(f"the work is {work.status}: it is collected once it is ready_for_pickup")
    check_released(order)
    content = tuple(LineUnits(line.line_id, line.to_ship) for line in work.lines.values() if line.to_ship)
    await _leave(order, work, [content])
    for units in content:
        order.move(units.line_id, Bucket.SHIPPED, Bucket.DELIVERED, units.quantity)
    work.step(Status.DELIVERED)
    work.set(shipments=work.shipments + 1, shipped_at=order.now, delivered_at=order.now)
    order.record("fulfillment.collected", fulfillment_id=work.id, location_id=work.location_id)


def check_released(order: LockedOrder) -> None:
    """A confirmed hold means that nothing leaves until it is lifted."""
    if order.release_held:
        blocking = sorted({hold.type for hold in order.holds if HeldStep.RELEASE in hold.blocks})
        why = ", ".join(blocking) or f"payment {order.payment_status}"
        raise OrderHeld(f"the order is held ({why}): keep the units until it is released")


async def _already_shipped(order: LockedOrder, work: Work, shipped: Sequence[ShippedParcel]) -> bool:
    numbers = {parcel.tracking_number for parcel in shipped}
    known = await order.connection.execute(
        select(parcels.c.tracking_number).where(
            parcels.c.fulfillment_id == work.id, parcels.c.tracking_number.in_(numbers)
        )
    )
    return numbers == set(known.scalars())


def _refusal(work: Work) -> str:
    said = f"the work is {work.status} and ships no more"
    if work.status in {Status.CANCELLED, Status.REJECTED, Status.EXPIRED}:
        return f"{said}: put back every unit that was picked for it"
    return said


def _contents(
    work: Work, shipped: Sequence[ShippedParcel], version: int | None
) -> list[tuple[LineUnits, ...]]:
    """What each parcel holds, checked against what the location is asked for now."""
    if version is not None and version != work.version:
        raise FulfillmentChanged(_changed(work, f"version {version} is no longer asked for"))
    left = {line.line_id: line.to_ship for line in work.lines.values() if line.to_ship}
    if any(parcel.lines is None for parcel in shipped):
        if len(shipped) > 1:
            raise InvalidContent("each of several parcels says what it holds", "/parcels")
        if version is None and work.seen_version < work.version:
            said = f'{_changed(work, "what is asked has changed")}, and send "version": {work.version}'
            raise FulfillmentChanged(said)
        return [tuple(LineUnits(line_id, units) for line_id, units in left.items())]
    contents = [_merged(parcel.lines or ()) for parcel in shipped]
    for index, content in enumerate(contents):
        for units in content:
            if units.line_id not in work.lines:
                raise InvalidContent(f"no line {units.line_id} is asked for", f"/parcels/{index}/lines")
            left[units.line_id] = left.get(units.line_id, 0) - units.quantity
            if left[units.line_id] < 0:
                raise FulfillmentChanged(_changed(work, f"too many units of line {units.line_id}"))
    return contents


def _merged(lines: Sequence[LineUnits]) -> tuple[LineUnits, ...]:
    sums: dict[str, int] = {}
    for units in lines:
        sums[units.line_id] = sums.get(units.line_id, 0) + units.quantity
    return tuple(LineUnits(line_id, quantity) for line_id, quantity in sums.items())


def _changed(work: Work, what: str) -> str:
    asked = ", ".join(f"{line.to_ship} of line {line.line_id}" for line in work.lines.values())
    return f"{what}: version {work.version} asks for {asked}; put back the rest"


async def _leave(order: LockedOrder, work: Work, contents: Sequence[tuple[LineUnits, ...]]) -> None:
    """Units are gone: out of stock, and on an invoice."""
    gone = _merged([one for content in contents for one in content])
    await _take_from_stock(order, work, gone)
    await write_invoice(order, work, {one.line_id: one.quantity for one in gone})


async def _take_from_stock(order: LockedOrder, work: Work, gone: Sequence[LineUnits]) -> None:
    changes = []
    for units in gone:
        line = work.lines[units.line_id]
        line.shipped += units.quantity
        work.changed_lines.add(units.line_id)
        order.move(units.line_id, Bucket.ALLOCATED, Bucket.SHIPPED, units.quantity)
        changes.append(
            StockChange(
                work.location_id, line.sku, "shipped", on_hand=-units.quantity, reserved=-units.quantity,
                order_id=order.id, fulfillment_id=work.id,
            )
        )  # fmt: skip
    await change_stock(order.connection, changes, actor=order.actor, now=order.now)


async def _write_parcels(
    order: LockedOrder,
    work: Work,
    shipped: Sequence[ShippedParcel],
    contents: Sequence[tuple[LineUnits, ...]],
) -> None:
    known = await order.connection.execute(
        select(parcels.c.number).where(parcels.c.fulfillment_id == work.id)
    )
    first = max(known.scalars(), default=0) + 1
    rows, lines = [], []
    for number, (parcel, content) in enumerate(zip(shipped, contents, strict=True), first):
        name = parcel_id(work.id, number)
        rows.append(
            {
                "id": name,
                "fulfillment_id": work.id,
                "order_id": order.id,
                "number": number,
                "carrier": parcel.carrier,
                "service": parcel.service,
                "tracking_number": parcel.tracking_number,
                "tracking_status": TrackingStatus.UNKNOWN.value,
                "created_at": order.now,
            }
        )
        lines += [{"parcel_id": name, "line_id": u.line_id, "quantity": u.quantity} for u in content]
    await order.connection.execute(insert(parcels), rows)
    await order.connection.execute(insert(parcel_lines), lines)
