"""Every order comes to its end: what it waits for is given to it, until it is closed and nothing is due."""

import asyncio
import json
import math
import time
from typing import Final

from temporalio.api.enums.v1 import EventType

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.going_on import help_on
from tests.properties.whole_life.moves.provider import answer_in_time
from tests.properties.whole_life.story import Broken, Story

_STANDS: Final = """SELECT version, closed_at IS NOT NULL AND NOT adjusting AND attention IS NULL
    AND NOT EXISTS (SELECT FROM returns WHERE order_id = $1 AND ended_at IS NULL)
    AND NOT EXISTS (SELECT FROM psp.operations WHERE order_id = $1 AND decide_at <= now()
                    AND (status = 'pending' OR status = 'succeeded' AND fails))
    AND NOT EXISTS (SELECT FROM psp.notices WHERE deliveries > 0 AND body::json->>'subject' = $1) AS over
    FROM orders WHERE id = $1"""
"""Nothing is to be done, nothing is on its way back, and the provider has no news."""
_PATIENCE: Final = 60.0
"""Seconds in which nothing happens to an order, though it is given what it waits for."""
_STALE: Final = 0.05
_RESTS: Final = 2.0
"""Seconds: between two looks at least, and until it has come to rest."""


async def end_all(story: Story, luck: Luck) -> None:
    """Bring all orders to their end, at the same time; Broken when one does not come to it."""
    await answer_in_time(story)
    lucks = [Luck(luck.number(0, 10**9)) for _ in story.orders]
    await asyncio.gather(*(_end(story, one, own) for one, own in zip(story.orders, lucks, strict=True)))
    await _told(story)


async def _end(story: Story, order_id: str, luck: Luck) -> None:
    pause, seen, helped, deadline = _STALE, 0, True, math.inf
    while not (row := await story.watch.fetchrow(_STANDS, order_id))["over"]:
        if time.monotonic() > deadline:
            raise Broken(await _hanging(story, order_id))
        if row["version"] != seen:
            deadline = time.monotonic() + _PATIENCE
        if helped or row["version"] != seen:
            await story.rest([order_id], _RESTS)
            seen = row["version"]
            helped = await help_on(story, await story.order(order_id), luck)
        pause = _STALE if helped else min(pause * 1.6, 0.5)
        await asyncio.sleep(pause)
    processes = [f"return:{one['id']}" for one in (await story.order(order_id))["returns"]]
    for process in (f"order:{order_id}", *processes):
        async with asyncio.timeout(_PATIENCE):
            await story.world.env.client.get_workflow_handle(process).result()


async def _hanging(story: Story, order_id: str) -> str:
    history = await story.world.process(order_id).fetch_history()
    done = ", ".join(EventType.Name(event.event_type)[11:].lower() for event in history.events[-30:])
    events = (await story.get(f"/v1/orders/{order_id}/events?limit=200"))["data"]
    shown = json.dumps(await story.order(order_id))
    told = "\n".join(json.dumps(event) for event in events)
    return f"the order does not come to its end:\n{shown}\n{told}\nits process: {done}"


async def _told(story: Story) -> None:
    """Wait until everything that was to be told has been told."""
    deadline = time.monotonic() + _PATIENCE
    untold = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND order_id = ANY($1)"
    while await story.watch.fetchval(untold, story.orders):
        if time.monotonic() > deadline:
            raise Broken("news of a closed order is never told")
        await asyncio.sleep(_STALE)
