"""Customers confirm their payments where their banks ask them to, or fail to, or come too late."""

from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story

_OUTCOMES: Final = ("passed", "passed", "failed")


async def answer_challenge(story: Story, luck: Luck) -> None:
    """Answer what is asked, mostly once it is."""
    order = await story.some_order(luck)
    if order is not None and "payment_action" in order:
        await confirm(story, order, luck.pick(_OUTCOMES))


async def answer_late(story: Story, luck: Luck) -> None:
    """Answer what was asked once, and maybe nobody waits for any more."""
    if story.challenges:
        await _answer(story, luck.pick(story.challenges), luck.pick(_OUTCOMES))


async def confirm(story: Story, order: Json, outcome: str) -> None:
    """Answer what an order's customer is asked."""
    await _answer(story, order["payment_action"]["url"], outcome)


async def _answer(story: Story, url: str, outcome: str) -> None:
    await story.provider("POST", url, {"outcome": outcome}, expect=(200, 409))


MOVES: Final = (Move(answer_challenge, weight=2), Move(answer_late))
