"""The carrier: scans parcels on their way, says things twice, and not always in order."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from standardwebhooks import Webhook

from cli.demo_run.plot import chance
from cli.demo_run.stage import Stage

_WAY: Final = ("in_transit", "out_for_delivery", "delivered")
_STEP: Final = timedelta(seconds=0.4)


async def announce(stage: Stage, tracking_number: str) -> None:
    """Scan a parcel that the service may not know of yet."""
    await _scan(stage, tracking_number, "pre_transit", datetime.now(UTC))


async def carry(stage: Stage, tracking_number: str) -> None:
    """Take a parcel to its door: every scan is sent, a few twice, a few late."""
    draw = chance(stage.seed, tracking_number, "way")
    now = datetime.now(UTC)
    scans = [(status, now + _STEP * step) for step, status in enumerate(_WAY)]
    if draw.random() < 0.2:  # noqa: PLR2004 (a share)
        scans[0], scans[1] = scans[1], scans[0]
    if draw.random() < 0.1:  # noqa: PLR2004
        scans = [*scans[1:], scans[0]]
    for status, at in scans:
        await asyncio.sleep(draw.uniform(0.2, 2) * _STEP.total_seconds())
        for _ in range(1 + (draw.random() < 0.2)):  # noqa: PLR2004
            await _scan(stage, tracking_number, status, at)


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
