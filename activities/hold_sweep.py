"""The sweep: gives back what checkout holds kept whose time is over, from whichever worker comes first."""

import asyncio
import logging
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from activities.database import clock
from adapters.db.checkout_holds import end_expired
from adapters.db.engine import ASKED_IN_VAIN, LookAgain, in_transaction
from config.failpoints import declare, failpoint

log = logging.getLogger(__name__)

_FREED: Final = declare("holds-freed", "expired holds are given back, not yet committed")
_EVERY: Final = 1.0
_AT_ONCE: Final = 20
"""So few that nobody waits long for the cells that they lie in."""


class HoldSweep:
    """Gives expired holds back until it is cancelled."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self) -> None:
        """Sweep for ever; an outage of the database is waited out."""
        while True:
            try:
                freed = await in_transaction(self._engine, self._sweep)
            except (*ASKED_IN_VAIN, LookAgain) as error:
                log.warning("the sweep of holds waits", extra={"error": type(error).__name__})
                freed = 0
            if freed < _AT_ONCE:
                await asyncio.sleep(_EVERY)

    async def _sweep(self, connection: AsyncConnection) -> int:
        freed = await end_expired(connection, clock(), most=_AT_ONCE)
        if freed:
            failpoint(_FREED)
        return freed
