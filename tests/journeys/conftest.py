"""One world per test process, for all journeys."""

from collections.abc import AsyncIterator

import pytest

from tests.world import World, world


@pytest.fixture(scope="session")
async def service(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(database_url, tmp_path_factory.mktemp("world")) as running:
        yield running
