"""One world per test process, for all journeys, on a database of its own."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.world import World, world


@pytest.fixture(scope="session")
async def service(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    url = await copied(postgres_url, "journeys")
    async with world(url, tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture(scope="session")
async def elsewhere(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world whose payment provider tells nothing by itself, and whose policies are not the usual ones."""
    url = await copied(postgres_url, "elsewhere")
    schedule = (timedelta(minutes=1), timedelta(hours=6))
    async with world(
        url,
        tmp_path_factory.mktemp("elsewhere"),
        psp_notice_url=None,
        single_capture="at_last_shipment",
        soft_decline_schedule=schedule,
    ) as running:
        yield running


async def copied(postgres_url: str, name: str) -> str:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    await connection.close()
    return urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
