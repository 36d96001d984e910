"""One world per test process, for all journeys, on a database of its own."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.world import World, world


@pytest.fixture(scope="session")
async def service(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE DATABASE journeys TEMPLATE migrated")
    await connection.close()
    url = urlunsplit(urlsplit(postgres_url)._replace(path="/journeys"))
    async with world(url, tmp_path_factory.mktemp("world")) as running:
        yield running
