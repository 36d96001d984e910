"""The service that stories are told on: impatient, so that what goes wrong does so within a story."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tests.world import World, world


@asynccontextmanager
async def service(database_url: str, folder: Path) -> AsyncIterator[World]:
    """Run the whole service on a migrated database for as long as the block lasts."""
    second = timedelta(seconds=1)
    async with world(database_url, folder, psp_timeout=second, worker_grace=second) as running:
        yield running
