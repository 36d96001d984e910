"""Whatever happens to orders and stock, and in whatever order: DESIGN's invariants hold after each step.

`PROPERTY_EXAMPLES` sets how many stories each test tries (15 by default).
"""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.engine import create_engine
from adapters.db.tables import carrier_services, locations, service_bands
from tests.properties.network import HAPPENINGS, PLACES, Happening, SmallNetwork, in_batches

START: list[Happening] = [
    ("receive", 0, 0, 2), ("receive", 0, 1, 1), ("receive", 1, 2, 3), ("place", 3, 2, 1), ("place", 2, 1, 0),
    ("route", 0, 0, 0), ("route", 1, 0, 0),
]  # fmt: skip
CAPACITY: list[dict[str, object]] = [
    {"daily_capacity": 10**6, "capacity_unit": "units"}, {"daily_capacity": 10**6}, {},
]  # fmt: skip
"""Of each place: counted in units, in orders, and not limited; never used up."""

QUICK = settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "15")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="session")
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE DATABASE properties TEMPLATE migrated")
    await connection.close()
    url = urlunsplit(urlsplit(postgres_url)._replace(path="/properties"))
    url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_engine(url, pool_size=10, statement_timeout=timedelta(seconds=10))
    async with engine.begin() as opening:
        for number, name in enumerate(PLACES):
            row = {"id": name, "name": name, "kind": "dc", "lat": 40 - number, "lng": -100}
            await opening.execute(insert(locations).values(row | CAPACITY[number]))
        await opening.execute(insert(carrier_services).values(name="ground"))
        await opening.execute(
            insert(service_bands).values(service="ground", max_km=20000, base=500, per_kg=100, transit_days=3)
        )
    yield engine
    await engine.dispose()


async def lived_through(engine: AsyncEngine, happenings: list[Happening], *, at_once: int) -> list[str]:
    network = SmallNetwork(engine)
    await network.open()
    return await in_batches(network, START + happenings, at_once)


@QUICK
@given(st.lists(HAPPENINGS, min_size=8, max_size=30))
async def test_invariants_hold_after_every_step(engine: AsyncEngine, happenings: list[Happening]) -> None:
    wrongs = await lived_through(engine, happenings, at_once=1)

    assert wrongs == []


@QUICK
@given(st.lists(HAPPENINGS, min_size=12, max_size=30))
async def test_invariants_hold_when_things_happen_at_once(
    engine: AsyncEngine, happenings: list[Happening]
) -> None:
    wrongs = await lived_through(engine, happenings, at_once=5)

    assert wrongs == []
