"""The network that routing sees, read from a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.db.capacity import capacity_day
from adapters.db.network import load_network
from adapters.db.tables import (
    calendars,
    capacity_usage,
    carrier_services,
    locations,
    products,
    service_bands,
    stock,
)
from routing import Calendar, RegionRule, Surcharge, WeightBreak, ZoneMap, ZoneRow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 3, tzinfo=UTC)
"""Still March 1 in Denver."""


@pytest.fixture
async def connection(fresh_database_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def given_location(connection: AsyncConnection, location_id: str, **columns: object) -> None:
    row = {"name": location_id, "kind": "dc", "lat": 39.7, "lng": -105.0, "time_zone": "America/Denver"}
    await connection.execute(insert(locations).values(id=location_id, **row | columns))


async def given_stock(
    connection: AsyncConnection, location_id: str, *, on_hand: int, reserved: int = 0, safety_stock: int = 0
) -> None:
    row = {"on_hand": on_hand, "reserved": reserved, "safety_stock": safety_stock, "as_of": NOON}
    await connection.execute(insert(stock).values(location_id=location_id, sku="TENT", **row))


async def given_service(
    connection: AsyncConnection, name: str, level: str, *reaches: int, active: bool = True
) -> None:
    await connection.execute(insert(carrier_services).values(name=name, service_level=level, active=active))
    for reach in reaches:
        band = {"max_km": reach, "base": Decimal(500), "per_kg": Decimal("12.5"), "transit_days": 2}
        await connection.execute(insert(service_bands).values(service=name, **band))


async def given_product(connection: AsyncConnection, sku: str = "TENT") -> None:
    await connection.execute(insert(products).values(sku=sku, name=sku, weight_g=100))


async def test_stock_is_what_may_still_be_promised(connection: AsyncConnection) -> None:
    await given_product(connection)
    for name in ("free", "thin", "gone"):
        await given_location(connection, name)
    await given_stock(connection, "free", on_hand=10, reserved=3, safety_stock=2)
    await given_stock(connection, "thin", on_hand=10, reserved=3, safety_stock=9)
    await given_stock(connection, "gone", on_hand=4, reserved=4)

    network = await load_network(connection, ["TENT", "UNKNOWN"], NOON)

    assert network.stock == {("free", "TENT"): 5}
    assert [location.id for location in network.locations] == ["free", "gone", "thin"]


async def test_only_the_skus_asked_for_are_read(connection: AsyncConnection) -> None:
    await given_product(connection)
    await given_location(connection, "den")
    await given_stock(connection, "den", on_hand=10)

    assert (await load_network(connection, ["LAMP"], NOON)).stock == {}
    assert (await load_network(connection, [], NOON)).stock == {}


async def test_a_closed_location_is_not_in_the_network(connection: AsyncConnection) -> None:
    await given_product(connection)
    await given_location(connection, "shut", active=False)
    await given_stock(connection, "shut", on_hand=10)

    network = await load_network(connection, ["TENT"], NOON)

    assert network.locations == ()
    assert network.stock == {}


async def test_capacity_left_is_that_of_the_locations_own_day(connection: AsyncConnection) -> None:
    await given_location(connection, "denver", daily_capacity=50, capacity_unit="units")
    await given_location(connection, "utc", daily_capacity=50, time_zone="UTC")
    await given_location(connection, "full", daily_capacity=5)
    await given_location(connection, "endless")
    usage = [("denver", 1, 30), ("denver", 2, 7), ("utc", 1, 30), ("utc", 2, 7), ("full", 1, 9)]
    for location_id, day, used in usage:
        row = {"location_id": location_id, "day": date(2026, 3, day), "used": used}
        await connection.execute(insert(capacity_usage).values(**row))

    network = await load_network(connection, [], NIGHT)

    left = {location.id: location.capacity for location in network.locations}
    assert left == {"denver": 20, "utc": 43, "full": 0, "endless": None}
    assert {location.capacity_unit for location in network.locations} == {"units", "orders"}


async def test_handling_costs_come_exactly_as_they_are_kept(connection: AsyncConnection) -> None:
    await given_location(connection, "den", handling_cost=Decimal("150.25"), handling_per_unit=Decimal("0.5"))

    (location,) = (await load_network(connection, [], NOON)).locations

    assert location.handling_cost == Decimal("150.25")
    assert location.handling_per_unit == Decimal("0.5")


async def test_no_other_service_level_stands_in(connection: AsyncConnection) -> None:
    await given_service(connection, "ground", "standard", 5000, 250, 1000)
    await given_service(connection, "air", "expedited", 5000)
    await given_service(connection, "retired", "standard", 5000, active=False)

    standard = await load_network(connection, [], NOON)
    expedited = await load_network(connection, [], NOON, "expedited")
    same_day = await load_network(connection, [], NOON, "same_day")

    assert [service.name for service in standard.services] == ["ground"]
    assert [band.max_km for band in standard.services[0].bands] == [250, 1000, 5000]
    assert [service.name for service in expedited.services] == ["air"]
    assert same_day.services == ()


def test_the_day_turns_at_the_locations_midnight() -> None:
    assert capacity_day("America/Denver", NIGHT) == date(2026, 3, 1)
    assert capacity_day("UTC", NIGHT) == date(2026, 3, 2)
    assert capacity_day("Pacific/Auckland", NOON) == date(2026, 3, 3)


async def test_a_location_is_read_with_its_hours_and_with_what_it_can_do(connection: AsyncConnection) -> None:
    await connection.execute(
        insert(calendars).values(name="shop", open_weekdays=[0, 1, 2, 3, 4, 5], closed=[date(2026, 3, 9)])
    )
    await given_location(
        connection,
        "den",
        calendar="shop",
        cutoff=time(14),
        processing_minutes=90,
        postal_code="80202",
        groups=["west"],
        services=["ground"],
        methods=["ship"],
        handles=[],
        serves={"countries": ["US"], "not_postal_prefixes": ["967"]},
        offline=True,
        priority=3,
    )

    network = await load_network(connection, [], NOON)

    [place] = network.locations
    assert (place.calendar, place.cutoff, place.processing) == ("shop", time(14), timedelta(minutes=90))
    assert (place.postal_code, place.offline, place.priority) == ("80202", True, 3)
    assert (place.groups, place.methods) == (frozenset({"west"}), frozenset({"ship"}))
    assert place.services == frozenset({"ground"})
    assert place.handles == frozenset()
    assert place.serves == RegionRule(countries=frozenset({"US"}), not_postal_prefixes=("967",))
    assert network.calendars == {"shop": Calendar(frozenset(range(6)), frozenset({date(2026, 3, 9)}))}


async def test_a_calendar_is_closed_on_the_holidays_of_its_country_or_part(
    connection: AsyncConnection,
) -> None:
    for name, where in (("germany", "DE"), ("bavaria", "DE-BY")):
        await connection.execute(insert(calendars).values(name=name, holidays=where))
        await given_location(connection, name, calendar=name)

    network = await load_network(connection, [], NOON)

    unity, epiphany = date(2026, 10, 3), date(2027, 1, 6)
    assert unity in network.calendars["germany"].closed
    assert epiphany not in network.calendars["germany"].closed
    assert {unity, epiphany} <= network.calendars["bavaria"].closed


async def test_a_service_is_read_with_its_zones_breaks_surcharges_and_pickups(
    connection: AsyncConnection,
) -> None:
    await connection.execute(
        insert(carrier_services).values(
            name="parcel",
            service_level="standard",
            dim_divisor=5000,
            pickups=[time(17)],
            surcharges=[{"name": "long", "kind": "oversize", "amount": "12.5", "longest_mm": 1200}],
            zones=[{"origin": "8", "destination": "1", "zone": "7"}],
        )
    )
    step = {"max_kg": "0.5", "base": "499.5", "per_kg": "0"}
    band = {"max_km": 999_999, "base": 0, "per_kg": 0, "transit_days": 3, "zone": "7", "breaks": [step]}
    await connection.execute(insert(service_bands).values(service="parcel", **band))

    [service] = (await load_network(connection, [], NOON)).services

    assert service.dim_divisor == 5000
    assert service.pickups == (time(17),)
    assert service.surcharges == (Surcharge("long", "oversize", Decimal("12.5"), longest_mm=1200),)
    assert service.zones == ZoneMap((ZoneRow("8", "1", "7"),))
    [band_read] = service.bands
    assert (band_read.zone, band_read.breaks) == ("7", (WeightBreak(Decimal("0.5"), Decimal("499.5")),))
