"""The live network, read for one routing decision."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import capacity_usage, carrier_services, locations, service_bands, stock
from routing import Band, Network, RoutingLocation, Service


async def load_network(
    connection: AsyncConnection,
    skus: Collection[str],
    now: datetime,
    service_level: str = "standard",
) -> Network:
    """Read what can serve these SKUs at this moment: a snapshot of four queries.

    Stock is what may still be promised, after reservations and safety stock. Capacity is what is left of
    each location's own day. A service level nobody offers gives no services: no other level stands in.
    """
    return Network(
        locations=await _active_locations(connection, now),
        stock=await promisable_stock(connection, skus),
        services=await _services(connection, service_level),
    )


def capacity_day(time_zone: str, now: datetime) -> date:
    """The day whose capacity a location in this time zone is using up; `now` must be aware."""
    return now.astimezone(ZoneInfo(time_zone)).date()


async def _active_locations(connection: AsyncConnection, now: datetime) -> tuple[RoutingLocation, ...]:
    statement = select(locations).where(locations.c.active).order_by(locations.c.id)
    rows = (await connection.execute(statement)).all()
    # The day is computed here, not in SQL, so that reading and reserving use one time zone database.
    days = {row.id: capacity_day(row.time_zone, now) for row in rows if row.daily_capacity is not None}
    used = await _capacity_used(connection, set(days.values()))
    return tuple(_location(row, used.get((row.id, days.get(row.id)), 0)) for row in rows)


async def _capacity_used(
    connection: AsyncConnection, days: Collection[date]
) -> dict[tuple[str, date | None], int]:
    if not days:
        return {}
    statement = select(capacity_usage).where(capacity_usage.c.day.in_(days))
    return {(row.location_id, row.day): row.used for row in await connection.execute(statement)}


def _location(row: Row[*tuple[object, ...]], used: int) -> RoutingLocation:
    daily = row.daily_capacity
    return RoutingLocation(
        id=row.id,
        kind=row.kind,
        lat=row.lat,
        lng=row.lng,
        handling_cost=row.handling_cost,
        handling_per_unit=row.handling_per_unit,
        capacity=None if daily is None else max(0, daily - used),
        capacity_unit=row.capacity_unit,
    )


async def promisable_stock(connection: AsyncConnection, skus: Collection[str]) -> dict[tuple[str, str], int]:
    """The units that may be promised of some products, by open location and SKU, where there are any."""
    available = stock.c.on_hand - stock.c.reserved - stock.c.safety_stock
    statement = (
        select(stock.c.location_id, stock.c.sku, available.label("available"))
        .join(locations, locations.c.id == stock.c.location_id)
        .where(stock.c.sku == any_(literal(list(skus), ARRAY(Text))), available > 0, locations.c.active)
    )
    return {(row.location_id, row.sku): row.available for row in await connection.execute(statement)}


async def _services(connection: AsyncConnection, service_level: str) -> tuple[Service, ...]:
    statement = (
        select(service_bands)
        .join(carrier_services, carrier_services.c.name == service_bands.c.service)
        .where(carrier_services.c.active, carrier_services.c.service_level == service_level)
        .order_by(service_bands.c.service, service_bands.c.max_km)
    )
    rows = (await connection.execute(statement)).all()
    return tuple(
        Service(name, tuple(Band(row.max_km, row.base, row.per_kg, row.transit_days) for row in bands))
        for name, bands in groupby(rows, key=lambda row: row.service)
    )


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
