"""The relay: delivers the outbox, in order per order, from whichever worker comes first.

A message is claimed by its row lock, sent, and marked in the same transaction. A relay that dies in between
sends it again after its lock has gone: starts are rejected as duplicates or find nothing left to do, and news
carry a version.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.service import RPCError

from activities.database import clock
from activities.processes import Processes
from adapters.db.engine import ASKED_IN_VAIN
from adapters.db.journal import CHANNEL, Message, claim, delivered, forget, put_back
from config.failpoints import declare, failpoint
from workflows.messages import OrderNews, ReturnNews

log = logging.getLogger(__name__)

_CLAIMED = declare("relay-claimed", "outbox rows are claimed, nothing is sent")
_SENT = declare("relay-sent", "workflows are started or signalled, the outbox rows are not marked")
_MARKED = declare("relay-marked", "the outbox rows are marked as delivered")

_BATCH: Final = 50
_LONGEST_PAUSE: Final = timedelta(seconds=15)
_POLL: Final = 1.0
_KEPT: Final = timedelta(days=7)
_SWEEP: Final = timedelta(hours=1)


class Relay:
    """Delivers outbox messages until it is cancelled."""

    def __init__(self, engine: AsyncEngine, processes: Processes, *, database_url: str) -> None:
        self._engine = engine
        self._processes = processes
        self._database_url = database_url
        self._wake = asyncio.Event()
        self._deliver: dict[str, Callable[[Message], Awaitable[None]]] = {
            "start": self._start,
            "progress": self._signal,
            "return": self._tell_return,
            "adjustment": self._adjust,
        }

    async def run(self) -> None:
        """Deliver for ever; an outage of either side is waited out."""
        aside = [asyncio.create_task(self._listen()), asyncio.create_task(self._sweep())]
        try:
            while True:
                try:
                    sent = await self.deliver_batch()
                except (*ASKED_IN_VAIN, RPCError) as error:
                    log.warning("relay waits", extra={"error": type(error).__name__})
                    sent = 0
                    await asyncio.sleep(_POLL)
                if not sent:
                    await self._pause()
        finally:
            for task in aside:
                task.cancel()

    async def deliver_batch(self) -> int:
        """Deliver the next message of each of some orders; returns how many there were."""
        async with self._engine.begin() as connection:
            messages = await claim(connection, limit=_BATCH, now=clock())
            if not messages:
                return 0
            failpoint(_CLAIMED)
            outcomes = await asyncio.gather(*(self._try(message) for message in messages))
            failpoint(_SENT)
            done = [m.id for m, error in zip(messages, outcomes, strict=True) if error is None]
            if done:
                await delivered(connection, done, clock())
            for message, error in zip(messages, outcomes, strict=True):
                if error is not None:
                    await put_back(connection, message, error=error, now=clock(), longest=_LONGEST_PAUSE)
        failpoint(_MARKED)
        return len(messages)

    async def _try(self, message: Message) -> str | None:
        try:
            await self._deliver[message.kind](message)
        except (RPCError, OSError, TimeoutError) as error:
            log.warning("message waits", extra={"outbox_id": message.id, "error": str(error)})
            return type(error).__name__
        return None

    async def _start(self, message: Message) -> None:
        await self._processes.order(message.order_id)

    async def _signal(self, message: Message) -> None:
        await self._processes.order(message.order_id, OrderNews.model_validate(message.payload))

    async def _tell_return(self, message: Message) -> None:
        news = ReturnNews.model_validate(message.payload["news"])
        await self._processes.sent_back(message.order_id, message.payload["return_id"], news)

    async def _adjust(self, message: Message) -> None:
        await self._processes.adjustment(message.order_id, OrderNews.model_validate(message.payload))

    async def _sweep(self) -> None:
        """Delete what was delivered long ago."""
        while True:
            await asyncio.sleep(_SWEEP.total_seconds())
            with suppress(*ASKED_IN_VAIN):
                async with self._engine.begin() as connection:
                    await forget(connection, before=clock() - _KEPT)

    async def _pause(self) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._wake.wait(), _POLL)
        self._wake.clear()

    async def _listen(self) -> None:
        """Wake the relay at each commit that has something to tell; the poll covers lost connections."""
        while True:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection = await asyncpg.connect(self._database_url, timeout=5)
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                try:
                    await connection.add_listener(CHANNEL, lambda *_: self._wake.set())
                    await lost.wait()
                finally:
                    with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                        await connection.close(timeout=1)
            await asyncio.sleep(_POLL)
