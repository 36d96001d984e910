"""Keys that were checked a moment ago, so that not every request asks the database again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.keys import StoredKey, digest, find_key

_REMEMBER_SECONDS: Final = 2.0
"""A revoked key opens nothing after at most this long."""
_MOST: Final = 10_000


@dataclass(slots=True)
class KeyRing:
    """Looks keys up, and remembers the ones that exist for a moment."""

    engine: AsyncEngine
    now: Callable[[], datetime]
    _seen: dict[str, tuple[float, StoredKey]] = field(default_factory=dict)

    async def find(self, key: str) -> StoredKey | None:
        """Return what stands behind a key that works now."""
        looked = digest(key)
        if looked is None:
            return None
        stored = self._remembered(looked) or await self._look_up(looked)
        return stored if stored is not None and stored.works_at(self.now()) else None

    def _remembered(self, looked: str) -> StoredKey | None:
        at, stored = self._seen.get(looked, (0.0, None))
        return stored if time.monotonic() - at < _REMEMBER_SECONDS else None

    async def _look_up(self, looked: str) -> StoredKey | None:
        asked_at = time.monotonic()
        async with self.engine.connect() as connection:
            stored = await find_key(connection, looked)
        if stored is None:
            self._seen.pop(looked, None)
            return None
        if len(self._seen) >= _MOST:
            self._seen.clear()
        self._seen[looked] = (asked_at, stored)
        return stored
