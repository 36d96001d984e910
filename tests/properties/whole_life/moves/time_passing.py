"""Time passes, for one order at a time."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

from temporalio.service import RPCError

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Story

_PATIENCE: Final = 3.0
"""Seconds; time stands still while a step is under way, and one may have died with its worker."""
SPANS: Final = (
    timedelta(minutes=2),
    timedelta(hours=5),
    timedelta(hours=49),
    timedelta(days=6),
    timedelta(days=11),
    timedelta(days=31),
)


async def time_passes(story: Story, luck: Luck) -> None:
    """Minutes, hours or days."""
    order = await story.some_order(luck)
    if order is not None and order["closed_at"] is None:
        await skip(story, order["id"], luck.pick(SPANS))


async def skip_process(story: Story, name: str, span: timedelta) -> None:
    """Let time pass for a return, or for what is due after a close, by the name of its process."""
    story.tell(f"{span} pass for {name}")
    process = story.world.env.client.get_workflow_handle(name)
    with suppress(RPCError, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await story.world.env.fast_forward(process, span)


async def skip(story: Story, order_id: str, span: timedelta) -> None:
    """Let time pass for an order; one whose process has ended, or is not there yet, has none."""
    story.tell(f"{span} pass for {order_id}")
    with suppress(RPCError, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await story.world.skip(order_id, span)


MOVES: Final = (Move(time_passes, weight=2),)
