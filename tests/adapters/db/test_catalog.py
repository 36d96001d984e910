"""Products, locations, rate cards, opening stock and postal areas, put into a real database and read back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.db.catalog import (
    Location,
    Product,
    get_location,
    get_product,
    known_locations,
    known_skus,
    list_locations,
    product_weights,
    put_locations,
    put_product,
    put_products,
)
from adapters.db.network import load_network
from adapters.db.opening_stock import OpeningLevel, open_stock
from adapters.db.postal import PostalArea, knows_country, place, put_postal_areas
from adapters.db.rate_cards import RateBand, put_rate_card
from adapters.db.tables import stock, stock_movements

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TENT = Product("TENT", "Tent", 2400)
DENVER = Location(
    "denver", "Denver", "dc", 39.7, -105.0, "America/Denver", Decimal("150.5"), Decimal(25), 400
)


@pytest.fixture
async def connection(fresh_database_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def test_a_product_is_read_as_it_was_put(connection: AsyncConnection) -> None:
    await put_product(connection, TENT)
    await put_product(connection, replace(TENT, weight_g=2500))

    assert await get_product(connection, "TENT") == Product("TENT", "Tent", 2500)
    assert await get_product(connection, "LAMP") is None


async def test_names_of_known_products_can_be_kept(connection: AsyncConnection) -> None:
    await put_product(connection, TENT)

    await put_products(
        connection, [Product("TENT", "?", 1), Product("LAMP", "Lamp", 2)], columns={"weight_g"}
    )

    assert await get_product(connection, "TENT") == Product("TENT", "Tent", 1)
    assert await get_product(connection, "LAMP") == Product("LAMP", "Lamp", 2)


async def test_known_skus_and_weights_leave_out_the_unknown(connection: AsyncConnection) -> None:
    await put_product(connection, TENT)

    assert await known_skus(connection, ["TENT", "LAMP"]) == {"TENT"}
    assert await product_weights(connection, ["TENT", "LAMP"]) == {"TENT": 2400}
    assert await known_skus(connection, []) == set()


async def test_a_location_is_read_as_it_was_put(connection: AsyncConnection) -> None:
    await put_locations(connection, [DENVER])

    assert await get_location(connection, "denver") == DENVER
    assert await get_location(connection, "nowhere") is None
    assert await known_locations(connection, ["denver", "nowhere"]) == {"denver"}


async def test_a_known_location_changes_in_the_columns_named_only(connection: AsyncConnection) -> None:
    await put_locations(connection, [DENVER])

    moved = Location("denver", "Elsewhere", "store", 1.0, 2.0)
    await put_locations(connection, [moved], columns={"lat", "lng"})

    assert await get_location(connection, "denver") == replace(DENVER, lat=1.0, lng=2.0)


async def test_locations_are_listed_page_by_page(connection: AsyncConnection) -> None:
    await put_locations(connection, [replace(DENVER, id=name) for name in "cab"])

    first = await list_locations(connection, limit=2)
    rest = await list_locations(connection, after=first[-1].id, limit=2)

    assert [location.id for location in first + rest] == ["a", "b", "c"]


async def test_a_rate_card_replaces_the_former_bands(connection: AsyncConnection) -> None:
    for reaches in ((100, 400, 5000), (250, 6000)):
        bands = [
            RateBand("ground", Decimal(km), Decimal("811.5"), Decimal(158), Decimal(2)) for km in reaches
        ]
        await put_rate_card(connection, "standard", bands)

    (service,) = (await load_network(connection, [], NOW)).services

    assert [band.max_km for band in service.bands] == [250, 6000]
    assert service.bands[0].base == Decimal("811.5")


async def test_opening_stock_never_touches_a_cell_that_exists(connection: AsyncConnection) -> None:
    await put_product(connection, TENT)
    await put_locations(connection, [DENVER, replace(DENVER, id="reno")])
    await open_stock(connection, [OpeningLevel("denver", "TENT", 5)], actor="test", counted_at=NOW, now=NOW)

    levels = [OpeningLevel("denver", "TENT", 9), OpeningLevel("reno", "TENT", 7)]
    opened = await open_stock(connection, levels, actor="test", counted_at=NOW, now=NOW)

    assert opened == {("reno", "TENT")}
    kept = await connection.execute(select(stock.c.location_id, stock.c.on_hand).order_by(stock.c.on_hand))
    assert [tuple(row) for row in kept] == [("denver", 5), ("reno", 7)]
    assert await connection.scalar(select(func.sum(stock_movements.c.on_hand_delta))) == 12


@pytest.fixture
async def areas(connection: AsyncConnection) -> AsyncConnection:
    known = [("US", "100", 40.0), ("US", "10001", 41.0), ("br", "01014", -23.0), ("GB", "sw1a", 51.0)]
    await put_postal_areas(connection, [PostalArea(country, code, lat, 1.0) for country, code, lat in known])
    return connection


@pytest.mark.parametrize(
    ("country", "code", "lat"),
    [
        ("US", "10001", 41.0),
        ("us", "10001-1234", 41.0),
        ("US", " 100011234 ", 41.0),
        ("US", "10099", 40.0),
        ("PR", "10099", 40.0),
        ("BR", "01014-000", -23.0),
        ("GB", "sw1a 1aa", 51.0),
        ("US", "20001", None),
        ("US", "1000", None),
        ("CA", "10001", None),
        ("GB", " - ", None),
        ("GB", "SW1", None),
    ],
)
async def test_the_longest_known_prefix_places_a_code(
    areas: AsyncConnection, country: str, code: str, lat: float | None
) -> None:
    assert await place(areas, country, code) == (None if lat is None else (lat, 1.0))


async def test_a_postal_area_put_again_moves(areas: AsyncConnection) -> None:
    await put_postal_areas(areas, [PostalArea("US", "10001", 42.5, -71.0)])

    assert await place(areas, "US", "10001") == (42.5, -71.0)
    assert await knows_country(areas, "US")
    assert not await knows_country(areas, "CA")
