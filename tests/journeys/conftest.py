"""The worlds of all journeys, one of each per test process; what each journey leaves is audited."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.databases import migrated
from tests.one_story import OF_ITS_PRODUCTS, prepare, wrongs_of
from tests.world import World, world


@pytest.fixture(scope="session")
async def usual_world(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    url = await copied(postgres_url, "journeys")
    async with world(url, tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture(scope="session")
async def other_world(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    url = await copied(postgres_url, "elsewhere")
    schedule = (timedelta(minutes=1), timedelta(hours=6))
    async with world(
        url,
        tmp_path_factory.mktemp("elsewhere"),
        psp_notice_url=None,
        single_capture="at_last_shipment",
        soft_decline_schedule=schedule,
        authorize_within=timedelta(days=7),
        cool_off=timedelta(hours=6),
    ) as running:
        yield running


@pytest.fixture
async def service(usual_world: World) -> AsyncIterator[World]:
    """The world as it mostly is."""
    async with _audited(usual_world):
        yield usual_world


@pytest.fixture
async def elsewhere(other_world: World) -> AsyncIterator[World]:
    """A world whose payment provider tells nothing by itself, and whose policies are not the usual ones."""
    async with _audited(other_world):
        yield other_world


async def copied(postgres_url: str, name: str) -> str:
    url = await migrated(postgres_url, name)
    await prepare(url, OF_ITS_PRODUCTS)
    return url


@asynccontextmanager
async def _audited(running: World) -> AsyncIterator[None]:
    """Give a journey products and locations of its own name, and hold its orders against every invariant.

    Whatever the journey left under way is judged by what holds at any moment.
    """
    running.name = f"j{uuid4().hex[:8]}"
    yield
    running.provider.by = timedelta(0)  # or the next journey's authorizations would end days too late
    assert await wrongs_of(running.settings.database_url, running.name) == []
