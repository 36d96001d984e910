"""The reconciler: an open order or return whose process failed, was terminated or is missing gets it again.

So does a closed order of which money is due. It walks those that were quiet for a while, some at a time, one
worker of all. Rows are the state, so a process that begins anew goes on where the order is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.database import clock
from activities.processes import RPC, Processes
from adapters.db.engine import ASKED_IN_VAIN, alone
from adapters.db.queries.processes import quiet_adjustments, quiet_open_orders, quiet_open_returns
from domain.ids import adjustment_workflow_id, return_workflow_id, workflow_id

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
        self._order_after = ""
        self._return_after = ""
        self._adjustment_after = ""

    async def run(self) -> None:
        """Reconcile for ever; an outage of either side is waited out."""
        while True:
            await asyncio.sleep(self._every.total_seconds())
            try:
                await self.sweep()
            except (*ASKED_IN_VAIN, RPCError) as error:
                log.warning("reconciler waits", extra={"error": type(error).__name__})

    async def sweep(self) -> int:
        """Look at the next open orders and returns, if nobody else does; returns how many were started."""
        async with alone(self._engine, _LOCK) as connection:
            if connection is None:
                return 0
            before = clock() - self._every
            orders = await quiet_open_orders(connection, after=self._order_after, before=before, limit=_BATCH)
            returns = await quiet_open_returns(
                connection, after=self._return_after, before=before, limit=_BATCH
            )
            due = await quiet_adjustments(
                connection, after=self._adjustment_after, before=before, limit=_BATCH
            )
            self._order_after = orders[-1] if len(orders) == _BATCH else ""
            self._adjustment_after = due[-1] if len(due) == _BATCH else ""
            self._return_after = returns[-1][1] if len(returns) == _BATCH else ""
            starts = {workflow_id(one): partial(self._processes.order, one) for one in orders}
            starts |= {
                return_workflow_id(one): partial(self._processes.sent_back, order_id, one)
                for order_id, one in returns
            }
            again = {adjustment_workflow_id(one): partial(self._processes.adjustment, one) for one in due}
            return await self._revive(starts) + await self._revive(again, completed_lives=False)

    async def _revive(
        self, starts: Mapping[str, Callable[[], Awaitable[None]]], *, completed_lives: bool = True
    ) -> int:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def look(name: str) -> bool:
            async with turns:
                if await self._lives(name, completed_lives=completed_lives):
                    return False
                log.warning("process starts again", extra={"workflow_id": name})
                await starts[name]()
                return True

        return sum(await asyncio.gather(*(look(name) for name in starts)))

    async def _lives(self, name: str, *, completed_lives: bool) -> bool:
        """Whether a process needs nothing.

        An order's or a return's that completed before its rows closed is a bug, and told; one that adjusts
        ends whenever nothing is due.
        """
        try:
            seen = await self._client.get_workflow_handle(name).describe(rpc_timeout=RPC)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        if seen.status is WorkflowExecutionStatus.COMPLETED:
            if not completed_lives:
                return False
            log.error("process completed, its rows are open", extra={"workflow_id": name})
        return seen.status not in _DEAD
