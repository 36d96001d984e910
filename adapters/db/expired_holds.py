"""What checkout holds still keep though their time is over: to readers it is free."""

from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, func, select

from adapters.db.tables import reservations, reserved_capacity, reserved_units
from domain.reservation_status import ReservationStatus


def expired_units(skus: ColumnElement[bool], now: datetime) -> Subquery:
    """Units by cell that stand as reserved for holds whose time is over; `skus` narrows `reserved_units`."""
    units = reserved_units.c
    return (
        select(units.location_id, units.sku, func.sum(units.quantity).label("units"))
        .join(reservations, reservations.c.id == units.reservation_id)
        .where(skus, reservations.c.expires_at <= now)
        .group_by(units.location_id, units.sku)
        .subquery("expired_units")
    )


def expired_capacity(now: datetime) -> Subquery:
    """What of locations' days stands as taken for holds whose time is over; an order's stays taken."""
    days = reserved_capacity.c
    return (
        select(days.location_id, days.day, func.sum(days.taken).label("taken"))
        .join(reservations, reservations.c.id == days.reservation_id)
        .where(reservations.c.status == ReservationStatus.HELD.value, reservations.c.expires_at <= now)
        .group_by(days.location_id, days.day)
        .subquery("expired_capacity")
    )
