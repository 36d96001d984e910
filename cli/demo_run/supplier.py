"""Suppliers: stock is announced and arrives for what waits; some customers do not wait."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cli.demo_run.customer import cancel
from cli.demo_run.plot import chance
from cli.demo_run.shares import ANNOUNCED, IMPATIENT
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
        self._announced: dict[tuple[str, str], str] = {}

    async def supply(self) -> None:
        """Look for waiting lines for as long as the run lasts."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for order in self._watch.open():
                waiting = [one for one in order["lines"] if one["quantities"]["backordered"]]
                new = [line for line in waiting if (order["id"], line["line_id"]) not in self._due_at]
                due = [line for line in waiting if self._due(order["id"], line["line_id"])]
                if new:
                    self._stage.play(self._announce(order["id"], new))
                if due:
                    self._stage.play(self._serve(order, due))

    async def _announce(self, order_id: str, lines: Sequence[Mapping[str, Any]]) -> None:
        """Say what will come and when, for most of the lines; the others wait without a date."""
        for line in lines:
            key = (order_id, line["line_id"])
            if chance(self._stage.seed, *key, "announce").random() >= ANNOUNCED:
                continue
            body = {
                "location_id": self._place(order_id, 0),
                "sku": line["sku"],
                "quantity": line["quantities"]["backordered"],
                "expected_at": (datetime.now(UTC) + timedelta(seconds=_LEAD_TIME)).isoformat(),
                "reference": ":".join(key),
            }
            name = f"announce:{body['reference']}"
            reply = await self._stage.side_door.post("/v1/inventory/inbound", body, key=name)
            if reply.ok:
                self._announced[key] = reply.body["id"]
            else:
                self._stage.diary.refuse("announcement", reply)

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
        units = line["quantities"]["backordered"]
        self._tries[key] += 1
        name = f"supply:{order_id}:{line['line_id']}:{tries}"
        announced = self._announced.pop(key, None)
        if announced is not None:
            await self._receive(announced, units, key=name)
        else:
            await book_in(self._stage, self._place(order_id, tries), line["sku"], units, key=name)
        self._due_at[key] = time.monotonic() + _AGAIN_AFTER

    def _place(self, order_id: str, tries: int) -> str:
        """Where the units for an order arrive: what did not help there arrives elsewhere next time."""
        first = chance(self._stage.seed, order_id).randrange(len(self._locations))
        return self._locations[(first + tries) % len(self._locations)]

    async def _receive(self, inbound_id: str, units: int, *, key: str) -> None:
        """What was announced arrives."""
        path = f"/v1/inventory/inbound/{inbound_id}/receive"
        reply = await self._stage.side_door.post(path, {"quantity": units}, key=key)
        if reply.ok:
            self._stage.diary.supplied += units
        else:
            self._stage.diary.refuse("receipt", reply)


async def book_in(stage: Stage, location_id: str, sku: str, units: int, *, key: str) -> None:
    """Units arrive at a location."""
    body = {"location_id": location_id, "sku": sku, "delta": units, "reason": "received"}
    reply = await stage.side_door.post("/v1/inventory/adjustments", body, key=key)
    if reply.ok:
        stage.diary.supplied += units
    else:
        stage.diary.refuse("receipt", reply)
