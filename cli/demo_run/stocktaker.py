"""Those who count: now and then there is less on the shelf than was promised of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

from cli.demo_run.plot import chance
from cli.demo_run.shares import MISCOUNTED
from cli.demo_run.stage import Stage
from cli.demo_run.watch import Watch

_LOOK_EVERY: Final = 0.7
_LOOSE: Final = {"open", "accepted"}


async def count_short(stage: Stage, watch: Watch) -> None:
    """Count some shelves, spread over the orders as they come, and find one unit less than is reserved."""
    wanted = stage.diary.wanted
    shelves = max(1, round(MISCOUNTED * wanted))
    draw = chance(stage.seed, "counts")
    for number in range(shelves):
        due = wanted * (number + 1) / (shelves + 1)
        counted = False
        while not counted:
            await asyncio.sleep(_LOOK_EVERY)
            counted = len(stage.diary.accepted) >= due and await _count(stage, watch, draw.random())


async def _count(stage: Stage, watch: Watch, where: float) -> bool:
    """Count a shelf of which something is promised and nothing picked; False when there is none."""
    work = [
        (work["location_id"], line["line_id"], order)
        for order in watch.open()
        for work in order["fulfillments"]
        for line in work["lines"]
        if work["status"] in _LOOSE and line["quantity"]
    ]
    if not work:
        return False
    location_id, line_id, order = work[int(where * len(work))]
    sku = next(line["sku"] for line in order["lines"] if line["line_id"] == line_id)
    level = await _level(stage, location_id, sku)
    if level is None or not level["reserved"]:
        return False
    body = {"on_hand": level["reserved"] - 1, "as_of": datetime.now(UTC).isoformat()}
    reply = await stage.side_door.put(f"/v1/inventory/{location_id}/{sku}", body)
    if not reply.ok:
        stage.diary.refuse("count", reply)
    return reply.ok


async def _level(stage: Stage, location_id: str, sku: str) -> dict[str, Any] | None:
    levels = await stage.side_door.pages("/v1/inventory", location_id=location_id, sku=sku)
    return levels[0] if levels else None
