"""The reconciler: an open order whose process failed, was terminated or is missing gets it again.

It walks the open orders that were quiet for a while, some at a time, one worker of all. Rows are the state,
so a process that begins anew goes on where the order is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.database import clock
from activities.processes import RPC, Processes
from adapters.db.engine import alone
from adapters.db.queries.processes import quiet_open_orders
from domain.ids import workflow_id

log = logging.getLogger(__name__)

_BATCH: Final = 500
_AT_ONCE: Final = 8
_DEAD: Final = {
    WorkflowExecutionStatus.FAILED,
    WorkflowExecutionStatus.TERMINATED,
    WorkflowExecutionStatus.TIMED_OUT,
    WorkflowExecutionStatus.CANCELED,
}
_LOCK: Final = 7_214_534
"""The advisory lock of the one worker that reconciles."""


class Reconciler:
    """Looks every so often, until it is cancelled."""

    def __init__(
        self, engine: AsyncEngine, client: Client, processes: Processes, *, every: timedelta
    ) -> None:
        self._engine = engine
        self._client = client
        self._processes = processes
        self._every = every
        self._after = ""

    async def run(self) -> None:
        """Reconcile for ever; an outage of either side is waited out."""
        while True:
            await asyncio.sleep(self._every.total_seconds())
            try:
                await self.sweep()
            except (DBAPIError, OSError, TimeoutError, RPCError) as error:
                log.warning("reconciler waits", extra={"error": type(error).__name__})

    async def sweep(self) -> int:
        """Look at the next open orders, if nobody else does; returns how many processes were started."""
        async with alone(self._engine, _LOCK) as connection:
            if connection is None:
                return 0
            ids = await quiet_open_orders(
                connection, after=self._after, before=clock() - self._every, limit=_BATCH
            )
            self._after = ids[-1] if len(ids) == _BATCH else ""
            return await self._revive(ids, workflow_id, self._processes.order)

    async def _revive(
        self, ids: Sequence[str], named: Callable[[str], str], start: Callable[[str], Awaitable[None]]
    ) -> int:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def look(one: str) -> bool:
            async with turns:
                if await self._lives(named(one)):
                    return False
                log.warning("process starts again", extra={"workflow_id": named(one)})
                await start(one)
                return True

        return sum(await asyncio.gather(*(look(one) for one in ids)))

    async def _lives(self, name: str) -> bool:
        """Whether a process needs nothing; one that completed before its rows closed is a bug, and told."""
        try:
            seen = await self._client.get_workflow_handle(name).describe(rpc_timeout=RPC)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        if seen.status is WorkflowExecutionStatus.COMPLETED:
            log.error("process completed, its rows are open", extra={"workflow_id": name})
        return seen.status not in _DEAD
