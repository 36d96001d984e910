"""How activities reach an order's rows: one locked transaction, its progress as news."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.db.engine import in_transaction
from adapters.db.locked_order import LockedOrder, lock_order
from domain.progress import OrderProgress
from workflows.messages import OrderNews, Step

T = TypeVar("T")
ACTOR = "process"
"""Who did what the order's own process does, in its history."""


def clock() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


def news_of(progress: OrderProgress) -> OrderNews:
    """An order's progress as the message that its process knows."""
    return OrderNews.model_validate(progress.as_dict())


async def on_order(engine: AsyncEngine, step: Step, work: Callable[[LockedOrder], Awaitable[T]]) -> T:
    """Run `work` on the locked order in one transaction; what it raises rolls back.

    The order's time is the process's: a process that slept until a deadline is past it.
    """

    async def in_one(connection: AsyncConnection) -> T:
        now = max(clock(), step.now)
        return await work(await lock_order(connection, step.order_id, actor=ACTOR, now=now))

    return await in_transaction(engine, in_one)
