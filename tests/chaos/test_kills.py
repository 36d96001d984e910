"""Every part of the stack is killed while orders flow: all orders end, and the auditor finds nothing.

`oms demo --chaos worker,api,temporal,postgres,psp` does the same with a hundred orders.
"""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from cli.audit import audit
from cli.audit.quiet import come_to_rest
from cli.embedded.stack import Stack
from tests.chaos.lives import Counter, Life, counter
from tests.chaos.trials import CANCELLED, KEPT, SENT, WAITING

PARTS: Final = ("worker", "api", "temporal", "postgres", "psp")
PLANS: Final = (KEPT, SENT, CANCELLED, KEPT, WAITING)
ORDERS: Final = 20
_BETWEEN_ORDERS: Final = 0.8
_BETWEEN_KILLS: Final = 2.0
_WINDOW: Final = "PT20S"
"""Longer than any part is away, so that whoever sends something back is in time."""

pytestmark = pytest.mark.chaos


async def live(at: Counter, number: int) -> str:
    """Live one whole life, begun a little after the one before; returns how the order ended."""
    await asyncio.sleep(number * _BETWEEN_ORDERS)
    plan: Sequence[str] = PLANS[number % len(PLANS)]
    life = Life(at, on_hand=0 if plan is WAITING else 5)
    for step in plan:
        await life.ready(step)
        await life.take(step)
    await life.closed()
    return str((await life.show())["status"])


async def kill_all(stack_json: Path) -> list[int]:
    """Kill each part when the one before it runs again; returns the pids that are no more."""
    killed = []
    for part in PARTS:
        await asyncio.sleep(_BETWEEN_KILLS)
        pid = _pid(stack_json, part)
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)
        while _pid(stack_json, part) == pid:  # noqa: ASYNC110 (another process has no event for us)
            await asyncio.sleep(0.05)
    return killed


def _pid(stack_json: Path, part: str) -> int:
    return int(json.loads(stack_json.read_text())["pids"][part])


@pytest.mark.timeout(300)
async def test_every_part_is_killed_while_orders_flow_and_every_order_ends(tmp_path: Path) -> None:
    stack = Stack(data_dir=tmp_path / "oms", port=None, env={"OMS_RETURN_WINDOW": _WINDOW})
    async with stack, counter(stack) as at:
        killing = asyncio.create_task(kill_all(stack.data_dir / "stack.json"))
        ended = await asyncio.gather(*(live(at, number) for number in range(ORDERS)))
        killed = await killing
        at_rest = await come_to_rest(stack.database_url, at.accepted, seconds=30)
        findings = await audit(
            stack.database_url,
            stack.psp_url,
            stack.temporal_address,
            stack.temporal_namespace,
            at.accepted,
            at.answers,
        )

    assert len(killed) == len(PARTS)
    assert (ended.count("completed"), ended.count("cancelled")) == (16, 4)
    assert at_rest
    assert findings == []
