"""Suppliers announce what they send, and send it, or not."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import DONE, Story
from tests.world import PLACES

_PATH: Final = "/v1/inventory/inbound"


async def announce(story: Story, luck: Luck) -> None:
    """Say what will come, and when."""
    await announce_of(story, luck.pick(story.skus), luck.number(1, 20), luck)


async def announce_of(story: Story, sku: str, days: int, luck: Luck) -> None:
    """Say that some of a product will come in so many days."""
    body = {
        "location_id": luck.pick(tuple(PLACES)),
        "sku": sku,
        "quantity": luck.number(1, 6),
        "expected_at": (datetime.now(UTC) + timedelta(days=days)).isoformat(),
        "reference": f"PO-{uuid4().hex[:8]}",
    }
    await story.ask("ops", _PATH, body, expect=DONE)


async def come(story: Story, luck: Luck) -> None:
    """What was announced comes, all of it, less or more; or it is put off; or it never will come."""
    expected = (await story.get(f"{_PATH}?sku={luck.pick(story.skus)}&status=open"))["data"]
    if not expected:
        return
    supply = luck.pick(expected)
    path = f"{_PATH}/{supply['id']}"
    if luck.smiles(0.2):
        await story.ask("ops", f"{path}/cancel", expect=DONE)
    elif luck.smiles(0.2):
        later = (datetime.now(UTC) + timedelta(days=luck.number(1, 40))).isoformat()
        await story.put(path, {"quantity": supply["received"] + luck.number(1, 4), "expected_at": later})
    else:
        await story.ask("ops", f"{path}/receive", {"quantity": luck.number(1, 6)}, expect=DONE)


MOVES: Final = (Move(announce), Move(come))
