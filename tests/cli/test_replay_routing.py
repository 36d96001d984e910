"""Stored decisions, planned again by the command in processes of their own."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.db.decisions import Account, write_decision
from adapters.db.policies import put_policy
from adapters.db.tables import routing_decisions
from adapters.policies import from_yaml
from tests.deciding import ORDER_ID, question, write_all
from tests.routing.routing_cases import NOW

ROOT = Path(__file__).parents[2]
MANY = 1_000


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    yield engine
    await engine.dispose()


def oms(url: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cli", "replay-routing", *arguments],
        cwd=ROOT,
        env={"DATABASE_URL": url, "PATH": "", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


async def test_a_thousand_decisions_are_made_again_to_the_byte(
    fresh_database_url: str, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await write_all(connection, (question(seed) for seed in range(MANY)))

    here = oms(fresh_database_url, "--all", PYTHONHASHSEED="1", TZ="UTC")
    elsewhere = oms(fresh_database_url, "--all", PYTHONHASHSEED="4711", TZ="Asia/Kolkata")

    assert here.stdout == elsewhere.stdout == f"{MANY} planned again: {MANY} the same, 0 differ\n"
    assert here.returncode == elsewhere.returncode == 0


async def test_a_decision_that_comes_out_otherwise_is_told_with_what_differs(
    fresh_database_url: str, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await write_all(connection, [question(0), question(3)])
        await write_decision(connection, ORDER_ID, 3, NOW, Account("manual", "{}"))
        tampered = routing_decisions.c.record.regexp_replace('"nodes":[0-9]+', '"nodes":-1')
        await connection.execute(
            update(routing_decisions).values(record=tampered).where(routing_decisions.c.n == 2)
        )

    whole = oms(fresh_database_url, "--all")

    assert whole.returncode == 1
    assert f"{ORDER_ID}/2: differs\n    /certificate/nodes: -1 → " in whole.stdout
    assert "2 planned again: 1 the same, 1 differ\n1 more rest on nothing that is kept" in whole.stdout
    assert oms(fresh_database_url, f"{ORDER_ID}/1").returncode == 0
    assert oms(fresh_database_url, f"{ORDER_ID}/2").returncode == 1
    assert oms(fresh_database_url, ORDER_ID).returncode == 2
    assert oms(fresh_database_url, f"{ORDER_ID}/9").returncode == 1
    assert "there is no routing decision" in oms(fresh_database_url, "ord_9").stderr


async def test_a_past_decision_is_asked_again_under_another_policy(
    fresh_database_url: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    policy = tmp_path / "nearby.yaml"
    policy.write_text("rules:\n  - max_shipments: {most: 1}\n")
    kept = from_yaml(policy.read_text(), name="kept")
    async with engine.begin() as connection:
        await write_all(connection, [question(0)])
        await put_policy(connection, kept, replaces=None, actor="test", now=NOW)

    stored = oms(fresh_database_url, ORDER_ID, "--policy", "kept")
    by_name = oms(fresh_database_url, ORDER_ID, "--policy", "fewest_shipments")
    by_file = oms(fresh_database_url, ORDER_ID, "--policy", str(policy))
    unknown = oms(fresh_database_url, ORDER_ID, "--policy", "cheapest_ever")

    assert (by_name.returncode, by_file.returncode, unknown.returncode) == (0, 0, 1)
    assert "lowest_cost" in by_name.stdout
    assert "fewest_shipments" in by_name.stdout
    assert "nearby" in by_file.stdout
    assert "by kept version 1" in stored.stdout
    assert "neither a file nor one of" in unknown.stderr


def test_either_one_decision_or_all_of_them_is_named() -> None:
    assert oms("postgresql://nowhere/x").returncode == 2
    assert oms("postgresql://nowhere/x", "ord_1", "--all").returncode == 2
