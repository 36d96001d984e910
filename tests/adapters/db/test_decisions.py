"""What is kept of a routing decision, in a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.db.decisions import Account, decided, find_decision, list_decisions, read_parts, write_decision
from adapters.db.tables import routing_decisions, routing_parts
from routing.record.replay import replayed
from tests.deciding import ORDER_ID, account_of, given_order, question, write_all
from tests.routing.routing_cases import NOW


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    yield engine
    await engine.dispose()


async def count_parts(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        rows = await connection.execute(
            select(routing_parts.c.part, func.count()).group_by(routing_parts.c.part)
        )
        return {row[0]: row[1] for row in rows}


async def test_a_decision_is_read_back_byte_for_byte(engine: AsyncEngine) -> None:
    asked = question(3)
    kept = account_of(asked)
    async with engine.begin() as connection:
        await given_order(connection)
        await write_decision(connection, ORDER_ID, 1, NOW, kept)

    async with engine.connect() as connection:
        row = await find_decision(connection, ORDER_ID, None)
        assert row is not None
        parts = await read_parts(connection, row)

        assert await decided(connection, ORDER_ID, 1)
        assert not await decided(connection, ORDER_ID, 2)
    assert parts == kept.parts
    assert row.record == kept.record == replayed(parts or {})


async def test_what_decisions_share_is_kept_once(engine: AsyncEngine) -> None:
    asked = [question(seed) for seed in range(0, 30, 3)]
    async with engine.begin() as connection:
        await write_all(connection, asked)

    assert await count_parts(engine) == {"asked": 10, "locations": 1, "rates": 1, "stock": 10, "policy": 1}


async def test_a_decision_is_written_once(engine: AsyncEngine) -> None:
    kept = account_of(question(3))
    async with engine.begin() as connection:
        await given_order(connection)
        await write_decision(connection, ORDER_ID, 1, NOW, kept)

    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await write_decision(connection, ORDER_ID, 1, NOW, kept)

    async with engine.connect() as connection:
        assert len(list(await list_decisions(connection, ORDER_ID))) == 1
    assert sum((await count_parts(engine)).values()) == 5


async def test_those_who_write_the_same_parts_at_once_all_get_through(engine: AsyncEngine) -> None:
    kept = [account_of(question(seed)) for seed in (0, 3, 6)]
    names = [f"ord_{n}" for n in range(12)]
    async with engine.begin() as connection:
        for name in names:
            await given_order(connection, name)

    async def decide(at: int, name: str) -> None:
        async with engine.begin() as connection:
            await write_decision(connection, name, 1, NOW, kept[at % 3])
            await asyncio.sleep(0.01)

    async with asyncio.timeout(30):
        await asyncio.gather(*(decide(at, name) for at, name in enumerate(names)))

    assert await count_parts(engine) == {"asked": 3, "locations": 1, "rates": 1, "stock": 3, "policy": 1}


async def test_a_persons_decision_rests_on_no_parts(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await given_order(connection)
        await write_decision(connection, ORDER_ID, 1, NOW, Account("manual", "{}"))

    async with engine.connect() as connection:
        row = await find_decision(connection, ORDER_ID, 1)
        assert row is not None
        assert await read_parts(connection, row) is None
    assert await count_parts(engine) == {}


async def test_where_an_order_goes_can_be_erased_and_the_decision_stays(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await write_all(connection, [question(3), replace(question(3), now=NOW)])

    async with engine.begin() as connection:
        asked = select(routing_decisions.c.asked_part).where(routing_decisions.c.n == 1)
        await connection.execute(delete(routing_parts).where(routing_parts.c.hash.in_(asked)))

    async with engine.connect() as connection:
        first, second = await list_decisions(connection, ORDER_ID)
        assert first.record
        assert await read_parts(connection, first) is None
        assert await read_parts(connection, second) is not None


async def test_a_part_is_named_by_its_content(engine: AsyncEngine) -> None:
    row = {"hash": "not a hash", "part": "asked", "body": b"", "since": NOW}

    with pytest.raises(IntegrityError, match="ck_routing_parts_hash"):
        async with engine.begin() as connection:
            await connection.execute(insert(routing_parts).values(row))
