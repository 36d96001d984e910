"""Carriers say where parcels are, in any order, twice, and sometimes before the parcel has left."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story

ON_THE_WAY: Final = (
    "picked_up", "in_transit", "out_for_delivery", "delivery_attempted", "available_for_pickup", "delayed",
    "exception", "unknown",
)  # fmt: skip

TROUBLES: Final = ("return_in_progress", "returned_to_sender", "failed", "cancelled")


async def some_parcel(story: Story, luck: Luck) -> Json | None:
    """A parcel that has left."""
    order = await story.some_order(luck)
    if order is None:
        return None
    parcels = [parcel for work in order["fulfillments"] for parcel in work["parcels"]]
    return luck.pick(parcels) if parcels else None


async def scan(story: Story, number: str, status: str, *, minutes_ago: int = 0) -> None:
    """A signed event of the generic carrier."""
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    event = {"tracking_number": number, "status": status, "occurred_at": at.isoformat()}
    await story.carrier(json.dumps(event | {"event_id": uuid4().hex}))


async def scan_on_the_way(story: Story, luck: Luck) -> None:
    """Something on the way, now or late to be told."""
    parcel = await some_parcel(story, luck)
    if parcel is not None:
        await scan(story, parcel["tracking_number"], luck.pick(ON_THE_WAY), minutes_ago=luck.number(0, 90))


async def scan_delivered(story: Story, luck: Luck) -> None:
    """It has arrived, which is told twice now and then."""
    parcel = await some_parcel(story, luck)
    if parcel is not None:
        for _ in range(luck.pick((1, 1, 2))):
            await scan(story, parcel["tracking_number"], "delivered", minutes_ago=luck.number(0, 5))


async def scan_trouble(story: Story, luck: Luck) -> None:
    """It will not arrive, or so they say."""
    parcel = await some_parcel(story, luck)
    if parcel is not None:
        await scan(story, parcel["tracking_number"], luck.pick(TROUBLES))


async def scan_ahead(story: Story, luck: Luck) -> None:
    """A number that nobody knows."""
    await scan(story, f"T-{uuid4().hex[:12]}", luck.pick((*ON_THE_WAY, "delivered")))


def on_their_way(order: Json) -> list[str]:
    """The tracking numbers of the parcels whose way has not ended."""
    return [
        parcel["tracking_number"]
        for work in order["fulfillments"]
        for parcel in work["parcels"]
        if parcel["tracking_status"] not in {"delivered", "returned_to_sender"}
    ]


MOVES: Final = (Move(scan_on_the_way), Move(scan_delivered, weight=3), Move(scan_trouble), Move(scan_ahead))
