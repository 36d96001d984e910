"""Every invariant is seen to fail: a sound world passes, and each planted violation is found."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from cli.audit import INVARIANTS, Answer, Evidence, WorkflowSeen, gather, judge
from tests.cli.planted_in_prices import OF_PRICES
from tests.cli.planted_in_tables import OF_THE_FIRST_SLICE
from tests.cli.planted_in_the_books import OF_THE_BOOKS
from tests.cli.planted_in_the_whole_life import OF_THE_WHOLE_LIFE
from tests.cli.sound_world import AND_BACK, FREE_OF_GUARDS, SOUND

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def effect(key: str, amount: int, status: str = "succeeded") -> dict[str, Any]:
    order_id, kind, _ = key.split(":")
    return {
        "order_id": order_id, "kind": kind, "amount": amount, "status": status, "idempotency_key": key,
    }  # fmt: skip


BOOKS = (
    effect("past:authorize:1", 120),
    effect("past:capture:1", 87),
    effect("past:void:1", 33),
    effect("live:authorize:1", 120),
    effect("live:capture:9", 120, status="failed"),
    effect("back:authorize:1", 110, status="declined"),
    effect("back:authorize:2", 110),
    effect("back:capture:1", 110),
    effect("back:refund:1", 30),
)
WORKFLOWS = {
    "past": WorkflowSeen("past", "completed"),
    "live": WorkflowSeen("live", "running"),
    "back": WorkflowSeen("back", "completed"),
}
ADJUSTING = {"back": WorkflowSeen("back", "completed", starts=2)}
RETURNING = {"ret1": WorkflowSeen("ret1", "completed")}
ANSWERS = (
    Answer("cancel", "past", LATER, units={"1": 1}, told={"1": 1}),
    Answer("ship", "past", LATER, units={"1": 2}, tracking_number="T1"),
)


async def evidence(database_url: str, damage: str = "") -> Evidence:
    """Gather a sound world, with the damage done to its tables."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(FREE_OF_GUARDS)
    await connection.execute(SOUND)
    await connection.execute(AND_BACK)
    await connection.execute(damage or "SELECT 1")
    await connection.close()
    told = await gather(database_url, driver=(("past", "live", "back"), ANSWERS))
    return replace(told, operations=BOOKS, workflows=WORKFLOWS, returning=RETURNING, adjusting=ADJUSTING)


def sentences(seen: Evidence) -> list[str]:
    return [str(finding) for verdict in judge(seen) for finding in verdict.findings or ()]


async def test_a_sound_world_passes_every_check(fresh_database_url: str) -> None:
    verdicts = judge(await evidence(fresh_database_url))

    assert [verdict for verdict in verdicts if not verdict.holds] == []
    assert len(verdicts) == len(INVARIANTS)


IN_THE_TABLES = OF_THE_FIRST_SLICE | OF_THE_WHOLE_LIFE | OF_THE_BOOKS | OF_PRICES


@pytest.mark.parametrize("violation", IN_THE_TABLES)
async def test_a_violation_in_the_tables_is_found(fresh_database_url: str, violation: str) -> None:
    damage, sentence = IN_THE_TABLES[violation]

    found = sentences(await evidence(fresh_database_url, damage))

    pattern = re.escape(sentence).replace(r"\\d\+", r"\d+")
    assert [one for one in found if re.fullmatch(pattern, one)]


OUTSIDE: Mapping[str, tuple[dict[str, Any], str]] = {
    "order nobody was told of": ({"accepted": ["past", "back"]}, "live: an order that nobody was told of"),
    "accepted as new twice": (
        {"accepted": ["past", "live", "live", "back"]},
        "live: accepted as new 2 times",
    ),
    "no workflow": ({"workflows": {}}, "past: an order without a workflow"),
    "no order": (
        {"workflows": WORKFLOWS | {"gone": WorkflowSeen("gone", "running")}},
        "gone: a workflow without an order",
    ),
    "failed": ({"workflows": {"live": WorkflowSeen("live", "failed")}}, "live: its workflow is failed"),
    "started twice": (
        {"workflows": {"live": WorkflowSeen("live", "running", starts=2)}},
        "live: its workflow was started 2 times",
    ),
    "broken task": (
        {"workflows": {"live": WorkflowSeen("live", "running", broken_tasks=("boom",))}},
        "live: task broke: boom",
    ),
    "unanswered update": (
        {"workflows": {"past": WorkflowSeen("past", "completed", unanswered=1)}},
        "past: 1 updates without an answer",
    ),
    "personal data": (
        {"workflows": {"past": WorkflowSeen("past", "completed", told="to ada@example.test")}},
        "past: customer_email is in the workflow's history",
    ),
    "no workflow of a return": ({"returning": {}}, "back: ret1 has no workflow"),
    "no return": (
        {"returning": RETURNING | {"gone": WorkflowSeen("gone", "running")}},
        "gone: a workflow without a return",
    ),
    "return started twice": (
        {"returning": {"ret1": WorkflowSeen("ret1", "completed", starts=2)}},
        "back: ret1: its workflow was started 2 times",
    ),
    "return's workflow goes on": (
        {"returning": {"ret1": WorkflowSeen("ret1", "running")}},
        "back: ret1 is completed, its workflow running",
    ),
    "adjusted while it is open": (
        {"adjusting": {"live": WorkflowSeen("live", "running")}},
        "live: what is due after the close is settled, but it is open",
    ),
    "adjusted without an end": (
        {"adjusting": {"back": WorkflowSeen("back", "failed")}},
        "back: what is due after the close is settled by a workflow that is failed",
    ),
    "personal data in a return": (
        {"returning": {"ret1": WorkflowSeen("ret1", "completed", told="to cy@example.test")}},
        "ret1: customer_email is in the workflow's history",
    ),
    "effect twice": (
        {"operations": (*BOOKS, BOOKS[0])},
        "past: past:authorize:1 is 2 times in the provider's books",
    ),
    "captured beyond authorized": (
        {"operations": (*BOOKS, effect("live:capture:1", 121))},
        "live: captured 121 and voided 0 of 120 authorized",
    ),
    "refunded beyond captured": (
        {"operations": (*BOOKS, effect("live:refund:1", 1))},
        "live: refunded 1 of 0 captured",
    ),
    "shipped after a whole cancel": (
        {"answers": [Answer("cancel", "past", NOW - timedelta(seconds=1))]},
        "past: T1 shipped after everything unshipped was confirmed as cancelled",
    ),
}


@pytest.mark.parametrize("violation", OUTSIDE)
async def test_a_violation_outside_the_tables_is_found(fresh_database_url: str, violation: str) -> None:
    other, sentence = OUTSIDE[violation]

    found = sentences(replace(await evidence(fresh_database_url), **other))

    assert sentence in found
