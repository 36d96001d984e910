"""Stock comes, goes, and is counted."""

from datetime import UTC, datetime, timedelta
from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import DONE, Story
from tests.world import PLACES


async def receive(story: Story, luck: Luck) -> None:
    """A delivery from a supplier."""
    await book(story, luck.pick(tuple(PLACES)), luck.pick(story.skus), luck.number(1, 5))


async def book(story: Story, place: str, sku: str, units: int) -> None:
    """Book units in."""
    body = {"location_id": place, "sku": sku, "delta": units, "reason": "receipt"}
    await story.ask("ops", "/v1/inventory/adjustments", body, expect=DONE)


async def book_out(story: Story, luck: Luck) -> None:
    """Units are broken, maybe more than there are."""
    body = {
        "location_id": luck.pick(tuple(PLACES)),
        "sku": luck.pick(story.skus),
        "delta": -luck.number(1, 3),
        "reason": "damage",
    }
    await story.ask("ops", "/v1/inventory/adjustments", body)


async def count(story: Story, luck: Luck) -> None:
    """A count, now or of a moment ago, whatever was promised from it."""
    as_of = datetime.now(UTC) - timedelta(milliseconds=luck.pick((0, 0, 200)))
    body = {"on_hand": luck.number(0, 6), "as_of": as_of.isoformat()}
    await story.put(f"/v1/inventory/{luck.pick(tuple(PLACES))}/{luck.pick(story.skus)}", body)


MOVES: Final = (Move(receive, weight=2), Move(book_out), Move(count, weight=2))
