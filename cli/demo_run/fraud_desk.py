"""Those who look at orders that something is odd about: they hold, look, and release or refuse."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from cli.demo_run.customer import cancel
from cli.demo_run.plot import Payment, chance
from cli.demo_run.stage import Stage

_LOOKING: Final = (2.0, 4.0)
_CHECKED_WITHIN: Final = timedelta(seconds=5)
_REVIEW: Final = "review"


def in_review(order: Mapping[str, Any]) -> tuple[str, ...]:
    """The reviews that are asked for: of the order as it was placed, and as it was changed to cost more."""
    return tuple(hold["id"] for hold in order["holds"] if hold["type"] == _REVIEW)


async def review(stage: Stage, order: Mapping[str, Any]) -> None:
    """Say yes, which is lifting the hold, or no, which is a cancel."""
    await _look_into(stage, order)
    if stage.diary.plot_of(order["order_number"]).payment is Payment.REFUSED:
        await cancel(stage, order["id"], {}, key="review")
        return
    for hold in order["holds"]:
        if hold["type"] == _REVIEW:
            await _lift(stage, order["id"], hold["id"])


async def suspect(stage: Stage, order: Mapping[str, Any]) -> None:
    """Keep an order from shipping, find nothing, and let it go."""
    body = {
        "type": "fraud",
        "reason": "an address that many cards were used for",
        "blocks": ["release", "capture"],
    }
    path = f"/v1/orders/{order['id']}/holds"
    reply = await stage.side_door.post(path, body, key=f"suspect:{order['id']}")
    if not reply.ok:
        stage.diary.refuse("hold", reply)
        return
    await _look_into(stage, order)
    await _lift(stage, order["id"], reply.body["id"])


async def check_address(stage: Stage, order: Mapping[str, Any]) -> None:
    """Keep an order from being routed for a moment; the hold ends by itself."""
    body = {
        "type": "address",
        "reason": "the house number is missing",
        "blocks": ["routing"],
        "expires_at": (datetime.now(UTC) + _CHECKED_WITHIN).isoformat(),
    }
    path = f"/v1/orders/{order['id']}/holds"
    reply = await stage.side_door.post(path, body, key=f"address:{order['id']}")
    if reply.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        stage.diary.refused["hold that came after its end"] += 1
    elif not reply.ok:
        stage.diary.refuse("hold", reply)


async def _look_into(stage: Stage, order: Mapping[str, Any]) -> None:
    await asyncio.sleep(chance(stage.seed, order["order_number"], "look into").uniform(*_LOOKING))


async def _lift(stage: Stage, order_id: str, hold_id: str) -> None:
    reply = await stage.desk.delete(f"/v1/orders/{order_id}/holds/{hold_id}")
    if not reply.ok:
        stage.diary.refuse("lift", reply)
