"""The service that stories are told on: impatient, so that what goes wrong does so within a story."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.world import World, world

_CALLS: Final = 5
"""Of one payment step without an answer: more than `tok_down_3` leaves unanswered, and soon over."""

_NEAR: Final = timedelta(days=6)
"""What a story's suppliers announce is sooner, or later."""


@asynccontextmanager
async def service(database_url: str, folder: Path) -> AsyncIterator[World]:
    """Run the whole service on a migrated database for as long as the block lasts."""
    second = timedelta(seconds=1)
    impatient = {"psp_timeout": second, "psp_attempts": _CALLS, "worker_grace": second}
    async with world(database_url, folder, authorize_within=_NEAR, **impatient) as running:
        yield running
