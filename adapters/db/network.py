"""The live network, read for one routing decision."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.capacity import capacity_day
from adapters.db.expired_holds import expired_capacity, expired_units
from adapters.db.rates import read_services, region_rule
from adapters.db.tables import (
    capacity_usage,
    locations,
    reserved_units,
    stock,
)
from adapters.db.transfers import read_exchange_rates
from adapters.db.working_days import read_calendars
from routing import Network, RoutingLocation
from routing.model.rates import METHODS


async def load_network(
    connection: AsyncConnection,
    skus: Collection[str],
    now: datetime,
    service_level: str = "standard",
) -> Network:
    """Read what can serve these SKUs at this moment: a snapshot of a few queries.

    Stock is what may still be promised, after reservations and safety stock. Capacity is what is left of
    each location's own day. A service level nobody offers gives no services: no other level stands in.
    Calendars and exchange rates are read only where a location or a service has one.
    """
    places = await _active_locations(connection, now)
    services = await read_services(connection, service_level)
    named = {place.calendar for place in places} | {service.calendar for service in services}
    return Network(
        locations=places,
        stock=await promisable_stock(connection, skus, now),
        services=services,
        calendars=await read_calendars(connection, named - {None}, now),
        exchange=await read_exchange_rates(connection, {service.currency for service in services} - {None}),
    )


async def _active_locations(connection: AsyncConnection, now: datetime) -> tuple[RoutingLocation, ...]:
    statement = select(locations).where(locations.c.active).order_by(locations.c.id)
    rows = (await connection.execute(statement)).all()
    # The day is computed here, not in SQL, so that reading and reserving use one time zone database.
    days = {row.id: capacity_day(row.time_zone, now) for row in rows if row.daily_capacity is not None}
    used = await _capacity_used(connection, set(days.values()), now)
    return tuple(_location(row, used.get((row.id, days.get(row.id)), 0), now) for row in rows)


async def _capacity_used(
    connection: AsyncConnection, days: Collection[date], now: datetime
) -> dict[tuple[str, date | None], int]:
    if not days:
        return {}
    over = expired_capacity(now)
    here = (over.c.location_id == capacity_usage.c.location_id) & (over.c.day == capacity_usage.c.day)
    used = (capacity_usage.c.used - func.coalesce(over.c.taken, 0)).label("used")
    statement = (
        select(capacity_usage.c.location_id, capacity_usage.c.day, used)
        .join(over, here, isouter=True)
        .where(capacity_usage.c.day.in_(days))
    )
    return {(row.location_id, row.day): row.used for row in await connection.execute(statement)}


def _location(row: Row[Any], used: int, now: datetime) -> RoutingLocation:
    daily, until = row.daily_capacity, row.cool_off_until
    return RoutingLocation(
        id=row.id,
        kind=row.kind,
        lat=row.lat,
        lng=row.lng,
        handling_cost=row.handling_cost,
        handling_per_unit=row.handling_per_unit,
        capacity=None if daily is None else max(0, daily - used),
        capacity_unit=row.capacity_unit,
        postal_code=row.postal_code,
        time_zone=row.time_zone,
        calendar=row.calendar,
        cutoff=row.cutoff,
        processing=timedelta(minutes=row.processing_minutes),
        groups=frozenset(row.groups),
        services=None if row.services is None else frozenset(row.services),
        methods=METHODS if METHODS.issubset(row.methods) else frozenset(row.methods),
        serves=None if row.serves is None else region_rule(row.serves),
        handles=None if row.handles is None else frozenset(row.handles),
        offline=row.offline,
        priority=row.priority,
        cool_off_until=until if until is not None and until > now else None,
    )


async def promisable_stock(
    connection: AsyncConnection, skus: Collection[str], now: datetime
) -> dict[tuple[str, str], int]:
    """The units that may be promised of some products, by open location and SKU, where there are any."""
    asked = literal(list(skus), ARRAY(Text))
    over = expired_units(reserved_units.c.sku == any_(asked), now)
    here = (over.c.location_id == stock.c.location_id) & (over.c.sku == stock.c.sku)
    kept = stock.c.reserved - func.coalesce(over.c.units, 0) + stock.c.safety_stock
    statement = (
        select(stock.c.location_id, stock.c.sku, (stock.c.on_hand - kept).label("available"))
        .join(locations, locations.c.id == stock.c.location_id)
        .join(over, here, isouter=True)
        .where(stock.c.sku == any_(asked), stock.c.on_hand > kept, locations.c.active)
    )
    return {(row.location_id, row.sku): row.available for row in await connection.execute(statement)}


async def capacity_returns_at(
    connection: AsyncConnection, location_ids: Collection[str], now: datetime
) -> datetime | None:
    """The first midnight at which one of some locations begins a new day."""
    found = await connection.execute(
        select(locations.c.time_zone).where(locations.c.id.in_(location_ids)).distinct()
    )
    return min((_next_midnight(time_zone, now) for time_zone in found.scalars()), default=None)


def _next_midnight(time_zone: str, now: datetime) -> datetime:
    tomorrow = capacity_day(time_zone, now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=ZoneInfo(time_zone))
