"""The demo network that `oms dev` loads: what it holds, and whom it serves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.db.catalog import product_weights
from adapters.db.legal_entities import nobody_sells_yet
from adapters.db.network import load_network
from adapters.db.postal import place
from adapters.db.tables import products
from cli.seed import seed
from cli.seed_network import HOME, SERVICE_LEVELS
from config.settings import Settings
from routing import LOWEST_COST, Destination, Network, RoutingLine, RoutingOrder, plan

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CITIES = {
    "Miami": "33101",
    "Los Angeles": "90012",
    "Anchorage": "99501",
    "Honolulu": "96813",
    "San Juan": "00901",
    "Bangor": "04401",
}


@pytest.fixture(scope="module")
async def settings(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One seeded database for all tests here: they only read, and seeding takes a second."""
    owner = await asyncpg.connect(postgres_url)
    await owner.execute('CREATE DATABASE "seeded" TEMPLATE "migrated"')
    await owner.close()
    settings = Settings(database_url=urlsplit(postgres_url)._replace(path="/seeded").geturl())
    await seed(settings, tmp_path_factory.mktemp("seeded"), demo_network=True)
    return settings


@pytest.fixture
async def seeded(settings: Settings) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(settings.sqlalchemy_url)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def everything(connection: AsyncConnection, level: str = "standard") -> tuple[dict[str, int], Network]:
    skus = list((await connection.execute(select(products.c.sku))).scalars())
    return await product_weights(connection, skus), await load_network(connection, skus, NOW, level)


async def test_documents_of_the_demo_bear_a_name(seeded: AsyncConnection) -> None:
    assert not await nobody_sells_yet(seeded)


async def test_home_carries_everything_but_what_suppliers_ship_themselves(seeded: AsyncConnection) -> None:
    weights, network = await everything(seeded)

    elsewhere = set(weights) - {sku for location, sku in network.stock if location == HOME}

    assert elsewhere == {"SNOWSHOES", "KAYAK"}
    assert {location.kind for location in network.locations} == {"dc", "store", "3pl", "supplier"}
    assert all(weight > 0 for weight in weights.values())


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("level", ["standard", "expedited"])
async def test_every_state_is_served(seeded: AsyncConnection, city: str, level: str) -> None:
    _, network = await everything(seeded, level)
    where = await place(seeded, "US", CITIES[city])
    assert where is not None
    order = RoutingOrder((RoutingLine("1", "MUG-BLUE", 1, 350),), Destination(*where))

    result = plan(order, network, LOWEST_COST, now=NOW)

    assert len(result.shipments) == 1
    assert not result.backorders


async def test_an_order_with_goods_of_two_suppliers_is_split(seeded: AsyncConnection) -> None:
    weights, network = await everything(seeded)
    wanted = ("KAYAK", "SNOWSHOES", "MUG-BLUE")
    lines = tuple(RoutingLine(sku, sku, 1, weights[sku]) for sku in wanted)

    result = plan(RoutingOrder(lines, Destination(39.9, -83.0)), network, LOWEST_COST, now=NOW)

    assert len(result.shipments) == 3
    assert not result.backorders


async def test_same_day_is_offered_close_by_only(seeded: AsyncConnection) -> None:
    reaches = {}
    for level in SERVICE_LEVELS:
        (service,) = (await load_network(seeded, [], NOW, level)).services
        reaches[level] = service.bands[-1].max_km

    assert reaches["same_day"] <= 60
    assert min(reaches["standard"], reaches["expedited"]) >= 9000


async def test_zip_codes_are_placed_where_they_lie(seeded: AsyncConnection) -> None:
    assert await place(seeded, "US", "10001") == pytest.approx((40.75, -73.99), abs=0.05)
    assert await place(seeded, "US", "96813-1234") == pytest.approx((21.3, -157.85), abs=0.1)
    assert await place(seeded, "US", "10000") == pytest.approx((40.75, -73.99), abs=0.2), "by its prefix"
    assert await place(seeded, "US", "09012") is None, "a military post office abroad"
