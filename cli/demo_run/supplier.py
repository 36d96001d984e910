"""Suppliers: after a while, stock arrives for what waits; some customers do not wait."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cli.demo_run.customer import cancel
from cli.demo_run.plot import chance
from cli.demo_run.shares import IMPATIENT
from cli.demo_run.stage import Stage
from cli.demo_run.watch import Watch

_LOOK_EVERY: Final = 1.0
_LEAD_TIME: Final = 3.0
_AGAIN_AFTER: Final = 20.0
_DELIVERIES: Final = 3
"""Deliveries that did not help, after which the rest of the order is cancelled."""


class Supplier:
    """Fills what waits. `locations` take deliveries, the likeliest to serve everybody first."""

    def __init__(self, stage: Stage, watch: Watch, locations: Sequence[str]) -> None:
        self._stage = stage
        self._watch = watch
        self._locations = locations
        self._due_at: dict[tuple[str, str], float] = {}
        self._tries: Counter[tuple[str, str]] = Counter()

    async def supply(self) -> None:
        """Look for waiting lines for as long as the run lasts."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for order in self._watch.open():
                waiting = [one for one in order["lines"] if one["quantities"]["backordered"]]
                due = [line for line in waiting if self._due(order["id"], line["line_id"])]
                if due:
                    self._stage.play(self._serve(order, due))

    async def _serve(self, order: Mapping[str, Any], due: Sequence[Mapping[str, Any]]) -> None:
        order_id = order["id"]
        if chance(self._stage.seed, order["order_number"], "wait").random() < IMPATIENT or any(
            self._tries[order_id, line["line_id"]] >= _DELIVERIES for line in due
        ):
            await cancel(self._stage, order_id, {}, key="waiting")
            return
        for line in due:
            await self._deliver(order_id, line)

    def _due(self, order_id: str, line_id: str) -> bool:
        """Whether a delivery is due: some time after the line was first seen, or after the last one."""
        now, key = time.monotonic(), (order_id, line_id)
        if now < self._due_at.setdefault(key, now + _LEAD_TIME):
            return False
        self._due_at[key] = math.inf
        return True

    async def _deliver(self, order_id: str, line: Mapping[str, Any]) -> None:
        key = (order_id, line["line_id"])
        tries = self._tries[key]
        index = chance(self._stage.seed, order_id).randrange(len(self._locations)) + tries
        units = line["quantities"]["backordered"]
        place = self._locations[index % len(self._locations)]
        self._tries[key] += 1
        name = f"supply:{order_id}:{line['line_id']}:{tries}"
        await book_in(self._stage, place, line["sku"], units, key=name)
        self._due_at[key] = time.monotonic() + _AGAIN_AFTER


async def book_in(stage: Stage, location_id: str, sku: str, units: int, *, key: str) -> None:
    """Units arrive at a location."""
    body = {"location_id": location_id, "sku": sku, "delta": units, "reason": "received"}
    reply = await stage.side_door.post("/v1/inventory/adjustments", body, key=key)
    if reply.ok:
        stage.diary.supplied += units
    else:
        stage.diary.refuse("receipt", reply)
