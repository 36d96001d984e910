"""Clients say things twice, and use a key for two things."""

from typing import Final

import httpx

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Asked, Broken, Story

_ORDERS: Final = "/v1/orders"


async def repeat(story: Story, luck: Luck) -> None:
    """The same again under the same key: the same answer, and nothing happens."""
    if story.asked:
        first = luck.pick(story.asked)
        expect = [first.answer.status_code] if first.path != _ORDERS else [200]
        again = await story.ask(
            first.role, first.path, first.body, key=first.key, expect=expect, remember=False
        )
        if not _same(first, again):
            raise Broken(f"{first.path}: first {first.answer.text}, then {again.text}")


def _same(first: Asked, again: httpx.Response) -> bool:
    if first.path == _ORDERS:
        return bool(first.answer.json()["id"] == again.json()["id"])
    return bool(first.answer.json() == again.json())


async def reuse_key(story: Story, luck: Luck) -> None:
    """Something else under a key that was used: refused, and nothing happens."""
    used = [one for one in story.asked if one.path.endswith("/cancel")]
    if used:
        first = luck.pick(used)
        body = {"reason": "quite another"}
        await story.ask(first.role, first.path, body, key=first.key, expect=[422], remember=False)


MOVES: Final = (Move(repeat), Move(reuse_key))
