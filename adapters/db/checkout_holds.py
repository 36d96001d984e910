"""Checkout holds: stock and capacity kept for a cart, until its order comes or its time is over.

A hold's units are reserved like an order's, with movements of their own, so that nobody else is promised
them. One whose time is over counts as free at once: whoever reads availability adds its units, and whoever
reserves gives them back first, in the same transaction; a sweep does it where nobody asks. An order that
brings its hold takes it over when it is placed: the units become its earmarks, and what is taken of
locations' days stays with it until it is routed. Rows are locked before orders, as the sweep finds them
first; where it is at work, others leave them to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.capacity import Load, TakenCapacity, return_taken, take_capacity
from adapters.db.locked_order import LockedOrder
from adapters.db.stock import Cell, Level, Miss, StockChange, change_stock, levels
from adapters.db.supply import supply
from adapters.db.tables import reservations, reserved_capacity, reserved_units
from domain.errors import NotFound, StateConflict
from domain.reservation_status import RESERVATION, ReservationStatus

_ENDED: Final = {
    ReservationStatus.RELEASED: "hold released",
    ReservationStatus.EXPIRED: "hold expired",
    ReservationStatus.WITHDRAWN: "hold withdrawn",
}


@dataclass(frozen=True, slots=True)
class NewReservation:
    """A hold to be made; `cart` is what was asked for, `promise` what is said of it, both as they are shown.

    `units` are the units to hold, and `kept_back` those that the rules keep from the cart, by cell.
    """

    id: str
    channel: str
    cart: Mapping[str, Any]
    promise: Mapping[str, Any]
    units: Mapping[Cell, int]
    expires_at: datetime
    kept_back: Mapping[Cell, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody needs: units of some products, and capacity of some locations."""

    skus: Collection[str]
    places: Collection[str] = ()


async def make_hold(connection: AsyncConnection, new: NewReservation, *, actor: str, now: datetime) -> None:
    """Reserve the units, and a place in each location's day; raises Miss when either is not there any more.

    With a Miss something may have been written: the caller rolls back.
    """
    places = {location_id for location_id, _ in new.units}
    await end_expired(connection, now, Wanted({sku for _, sku in new.units}, places))
    there = await levels(connection, list(new.units), lock=True)
    for cell, quantity in new.units.items():
        available = there.get(cell, Level(0, 0, 0)).available - new.kept_back.get(cell, 0)
        if available < quantity:
            raise Miss(f"{cell[0]} has {max(available, 0)} of {quantity} units of {cell[1]}")
    loads = {
        place: Load(sum(units for (location_id, _), units in new.units.items() if location_id == place), 1)
        for place in places
    }
    changes = [StockChange(*cell, "held", reserved=units) for cell, units in new.units.items()]
    await change_stock(connection, changes, actor=actor, now=now)
    taken = await take_capacity(connection, loads, now)
    await _write(connection, new, taken, now)


async def _write(
    connection: AsyncConnection, new: NewReservation, taken: Sequence[TakenCapacity], now: datetime
) -> None:
    await connection.execute(
        insert(reservations).values(
            id=new.id,
            channel=new.channel,
            status=ReservationStatus.HELD.value,
            cart=new.cart,
            promise=new.promise,
            created_at=now,
            expires_at=new.expires_at,
        )
    )
    units = [
        {"reservation_id": new.id, "location_id": location_id, "sku": sku, "quantity": quantity}
        for (location_id, sku), quantity in new.units.items()
    ]
    days = [
        {"reservation_id": new.id, "location_id": one.location_id, "day": one.day, "taken": one.taken}
        for one in taken
    ]
    if units:
        await connection.execute(insert(reserved_units), units)
    if days:
        await connection.execute(insert(reserved_capacity), days)


async def lock_hold(connection: AsyncConnection, name: str) -> Row[Any]:
    """A hold's row, locked; raises NotFound."""
    found = await connection.execute(select(reservations).where(reservations.c.id == name).with_for_update())
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such reservation.")
    return row


async def release_hold(connection: AsyncConnection, name: str, *, actor: str, now: datetime) -> None:
    """Give a hold back; one that ended stays as it did. Raises StateConflict when an order has used it."""
    row = await lock_hold(connection, name)
    if row.status == ReservationStatus.USED:
        raise StateConflict(f"order {row.order_id} has used the reservation: cancel the order instead")
    if row.status == ReservationStatus.HELD:
        over = row.expires_at <= now
        status = ReservationStatus.EXPIRED if over else ReservationStatus.RELEASED
        await end_holds(connection, [name], status, actor=actor, now=now)


async def end_expired(
    connection: AsyncConnection,
    now: datetime,
    wanted: Wanted | None = None,
    *,
    held: Mapping[str, LockedOrder] | None = None,
    most: int | None = None,
) -> int:
    """Give back what holds have whose time is over, all or those with something `wanted`; returns how many.

    `held` are orders that the caller has locked and will save itself. What another transaction is giving
    back at this moment is left to it.
    """
    over = [reservations.c.status == ReservationStatus.HELD.value, reservations.c.expires_at <= now]
    found = await connection.scalars(
        select(reservations.c.id)
        .where(*over, *([] if wanted is None else [_has(wanted)]))
        .order_by(reservations.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    names = list(found)
    await end_holds(connection, names, ReservationStatus.EXPIRED, actor="holds", now=now, held=held)
    return len(names)


def _has(wanted: Wanted) -> ColumnElement[bool]:
    units = select(reserved_units.c.reservation_id).where(reserved_units.c.sku.in_(wanted.skus))
    days = select(reserved_capacity.c.reservation_id).where(
        reserved_capacity.c.location_id.in_(wanted.places)
    )
    return or_(reservations.c.id.in_(units), reservations.c.id.in_(days))


async def end_holds(  # noqa: PLR0913 (who, when, how, and the orders that the caller has)
    connection: AsyncConnection,
    names: Sequence[str],
    status: ReservationStatus,
    *,
    actor: str,
    now: datetime,
    held: Mapping[str, LockedOrder] | None = None,
) -> None:
    """End holds that the caller has locked; what they kept goes to those who wait for it first."""
    if not names:
        return
    freed = await let_go(connection, names, status, now)
    await supply(connection, freed.changes, actor=actor, now=now, held=held)
    await return_taken(connection, freed.taken)


@dataclass(frozen=True, slots=True)
class Freed:
    """What ended holds kept, and the caller now gives back: reservations first, then days."""

    changes: list[StockChange]
    taken: list[TakenCapacity]


async def let_go(
    connection: AsyncConnection, names: Sequence[str], status: ReservationStatus, now: datetime
) -> Freed:
    """End holds that the caller has locked; their stock and capacity are the caller's to give back."""
    RESERVATION.step(ReservationStatus.HELD, status)
    units = await connection.execute(
        delete(reserved_units).where(reserved_units.c.reservation_id.in_(names)).returning(reserved_units)
    )
    changes = [StockChange(row.location_id, row.sku, _ENDED[status], reserved=-row.quantity) for row in units]
    await connection.execute(
        update(reservations).where(reservations.c.id.in_(names)).values(status=status.value, ended_at=now)
    )
    return Freed(changes, await _days_of(connection, names))


async def lock_latest(connection: AsyncConnection, cell: Cell, shortage: int) -> list[str]:
    """Lock the newest holds that keep `shortage` units of a cell together, or all that keep any."""
    rows = await connection.execute(
        select(reservations.c.id, reserved_units.c.quantity)
        .join(reserved_units, reserved_units.c.reservation_id == reservations.c.id)
        .where(reserved_units.c.location_id == cell[0], reserved_units.c.sku == cell[1])
        .order_by(reservations.c.created_at.desc(), reservations.c.id)
        .with_for_update()
    )
    names = []
    for row in rows:
        if shortage <= 0:
            break
        names.append(row.id)
        shortage -= row.quantity
    return names


async def _days_of(connection: AsyncConnection, names: Sequence[str]) -> list[TakenCapacity]:
    days = await connection.execute(
        delete(reserved_capacity)
        .where(reserved_capacity.c.reservation_id.in_(names))
        .returning(reserved_capacity)
    )
    return [TakenCapacity(row.location_id, row.day, row.taken) for row in days]


async def return_capacity(order: LockedOrder) -> None:
    """Give back what an order's hold took of locations' days: it is routed now, or over."""
    if order.values["reservation"] is not None:
        await return_taken(order.connection, await _days_of(order.connection, [order.values["reservation"]]))
