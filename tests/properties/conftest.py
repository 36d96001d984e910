"""A database with three places, for stories that are told without the service around it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.engine import create_engine
from adapters.db.tables import carrier_services, locations, service_bands
from tests.databases import migrated
from tests.properties.network import PLACES

CAPACITY: Final[list[dict[str, object]]] = [
    {"daily_capacity": 10**6, "capacity_unit": "units"}, {"daily_capacity": 10**6}, {},
]  # fmt: skip
"""Of each place: counted in units, in orders, and not limited; never used up."""


@pytest.fixture(scope="session")
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    url = await migrated(postgres_url, "properties")
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
