"""What is due in the outbox, whatever time an order has."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.db.journal import claim, put_back, tell

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AHEAD = NOW + timedelta(days=31)


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    yield engine
    await engine.dispose()


async def test_news_of_an_order_whose_time_is_ahead_are_due_at_once(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await tell(connection, "ord_1", "progress", {}, AHEAD)

        due = await claim(connection, limit=10, now=NOW)

    assert [message.order_id for message in due] == ["ord_1"]


async def test_a_message_that_could_not_be_delivered_waits_for_its_pause(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await tell(connection, "ord_1", "progress", {}, AHEAD)
        (message,) = await claim(connection, limit=10, now=NOW)
        await put_back(connection, message, error="RPCError", now=NOW, longest=timedelta(seconds=15))

        at_once = await claim(connection, limit=10, now=NOW)
        later = await claim(connection, limit=10, now=NOW + timedelta(seconds=1))

    assert (at_once, [message.attempts for message in later]) == ([], [1])
