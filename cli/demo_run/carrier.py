"""The carrier: scans parcels on their way, says things twice, and not always in order."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from standardwebhooks import Webhook

from cli.demo_run.plot import Way, chance
from cli.demo_run.shares import ATTEMPTED, DELAYED, DISTURBED
from cli.demo_run.stage import Stage

_WAYS: Final = {
    Way.TO_THE_DOOR: ("in_transit", "out_for_delivery", "delivered"),
    Way.SILENCE: ("in_transit",),
    Way.GIVEN_UP: ("in_transit", "exception", "failed"),
    Way.FOUND: ("in_transit", "exception", "failed", "delivered"),
    Way.TO_SENDER: ("in_transit", "delivery_attempted", "return_in_progress", "returned_to_sender"),
}
_STEP: Final = timedelta(seconds=0.4)


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel in the carrier's hands, and the location and the order that it comes from."""

    tracking_number: str
    order_id: str
    order_number: str
    location_id: str


async def announce(stage: Stage, tracking_number: str) -> None:
    """Scan a parcel that the service may not know of yet."""
    await _scan(stage, tracking_number, "pre_transit", datetime.now(UTC))


async def carry(stage: Stage, parcel: Handed) -> Way:
    """Take a parcel to the end of its way: every scan is sent, a few twice, a few late."""
    draw = chance(stage.seed, parcel.tracking_number, "way")
    way = stage.diary.plot_of(parcel.order_number).way
    if way is not Way.TO_THE_DOOR and not stage.diary.first_time(parcel.order_id, way):
        way = Way.TO_THE_DOOR
    now = datetime.now(UTC)
    scans = [(word, now + _STEP * step) for step, word in enumerate(_words(way, draw))]
    if way is Way.TO_THE_DOOR:
        scans = _shuffled(scans, draw)
    for word, at in scans:
        await asyncio.sleep(draw.uniform(0.2, 2) * _STEP.total_seconds())
        for _ in range(1 + (draw.random() < 0.2)):  # noqa: PLR2004 (a share)
            await _scan(stage, parcel.tracking_number, word, at)
    return way


def _words(way: Way, draw: Random) -> list[str]:
    """What the carrier will say, in the order in which it happens."""
    words = list(_WAYS[way])
    if way is Way.TO_THE_DOOR:
        for share, word in (
            (DELAYED, "delayed"),
            (DISTURBED, "exception"),
            (ATTEMPTED, "delivery_attempted"),
        ):
            if draw.random() < share:
                words.insert(-1, word)
    return words


def _shuffled(scans: list[tuple[str, datetime]], draw: Random) -> list[tuple[str, datetime]]:
    if draw.random() < 0.2:  # noqa: PLR2004 (a share)
        scans = [scans[1], scans[0], *scans[2:]]
    if draw.random() < 0.1:  # noqa: PLR2004
        scans = [*scans[1:], scans[0]]
    return scans


async def _scan(stage: Stage, tracking_number: str, status: str, at: datetime) -> None:
    event_id = f"{tracking_number}-{status}"
    content = json.dumps(
        {
            "tracking_number": tracking_number,
            "status": status,
            "occurred_at": at.isoformat(),
            "event_id": event_id,
            "location": "Hub",
            "description": status.replace("_", " "),
        }
    )
    reply = await stage.shop.send(
        "POST",
        "/v1/carriers/generic/events",
        content=content,
        headers=lambda: _signed(stage.carrier_secret, event_id, content),
    )
    if not reply.ok:
        stage.diary.troubles.append(f"scan {event_id}: {reply.status} {reply.detail}")


def _signed(secret: str, event_id: str, content: str) -> dict[str, Any]:
    """Standard Webhooks: the proof is of this very moment, so each attempt gets its own."""
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, now, content),
    }
