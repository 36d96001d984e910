"""An order takes its checkout hold over: once, and only for what was held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.checkout_holds import lock_hold
from adapters.db.postal import normalise_country, normalise_postal_code
from adapters.db.tables import earmarks, orders, reservations, reserved_units
from domain.errors import InvalidContent, NotFound, ReservationUsed
from domain.reservation_status import RESERVATION, ReservationStatus

_POINTER = "/reservation"


async def use_hold(
    connection: AsyncConnection, name: str, order: Mapping[str, Any], lines: Sequence[Mapping[str, Any]],
    now: datetime,
) -> ReservationStatus:  # fmt: skip
    """Turn a hold into what an order, whose row is written, has set aside; returns what the hold then is.

    A hold whose time is over, or that was given back, is of no use: the order is routed as any other. Raises
    InvalidContent for a hold that is not there or for something else, ReservationUsed for another order's.
    """
    try:
        row = await lock_hold(connection, name)
    except NotFound:
        raise InvalidContent("there is no such reservation", _POINTER) from None
    _check(row, order, lines)
    status = ReservationStatus(row.status)
    if status is not ReservationStatus.HELD:
        return status
    if row.expires_at <= now:
        return ReservationStatus.EXPIRED
    await _take_over(connection, row, order["id"], lines)
    await connection.execute(
        update(reservations)
        .where(reservations.c.id == name)
        .values(status=RESERVATION.step(status, ReservationStatus.USED), ended_at=now, order_id=order["id"])
    )
    await connection.execute(
        update(orders).where(orders.c.id == order["id"]).values(reservation=name, promise=row.promise)
    )
    return ReservationStatus.USED


def _check(row: Row[Any], order: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    cart = row.cart
    if row.channel != order["channel"]:
        raise InvalidContent("there is no such reservation", _POINTER)
    if row.order_id is not None:
        raise ReservationUsed("another order has used the reservation")
    if _by_sku(cart["lines"]) != _by_sku(lines):
        raise InvalidContent("the reservation is for other products or quantities", _POINTER)
    asked = (order["delivery_method"], order["service_level"], order["pickup_location"])
    delivery = cart["delivery"]
    if (delivery["method"], delivery["service_level"], delivery["pickup_location"]) != asked:
        raise InvalidContent("the reservation is for another delivery", _POINTER)
    if delivery["method"] == "ship" and _area(cart["ship_to"]) != _area(order["ship_to"]):
        raise InvalidContent("the reservation is for another destination", _POINTER)


def _area(address: Mapping[str, Any]) -> tuple[str, str]:
    return normalise_country(address["country"]), normalise_postal_code(address["postal_code"])


def _by_sku(lines: Sequence[Mapping[str, Any]]) -> Counter[str]:
    units: Counter[str] = Counter()
    for line in lines:
        units[line["sku"]] += line["quantity"]
    return units


async def _take_over(
    connection: AsyncConnection, hold: Row[Any], order_id: str, lines: Sequence[Mapping[str, Any]]
) -> None:
    """The units stay reserved as they are: for lines of the order now, the first line first."""
    rows = await connection.execute(
        delete(reserved_units).where(reserved_units.c.reservation_id == hold.id).returning(reserved_units)
    )
    marks = []
    left = {line["line_id"]: line["quantity"] for line in lines}
    for row in sorted(rows, key=lambda row: (row.sku, row.location_id)):
        units = row.quantity
        for line in (one for one in lines if one["sku"] == row.sku):
            given = min(units, left[line["line_id"]])
            if given:
                marks.append(
                    {
                        "order_id": order_id,
                        "line_id": line["line_id"],
                        "location_id": row.location_id,
                        "sku": row.sku,
                        "quantity": given,
                    }
                )
                left[line["line_id"]] -= given
                units -= given
    if marks:
        await connection.execute(insert(earmarks), marks)
