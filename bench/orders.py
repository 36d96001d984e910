"""Orders per second of the whole service: `oms bench orders`.

Each order is one line at one location: placed over HTTP, found on the work list, shipped, scanned as
delivered by a signed event of the carrier, and closed. As many are under way as `--at-once` says.
"""

import asyncio
import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import click
from standardwebhooks import Webhook

from bench.cpu import cpu_ms, used
from bench.service import Service, at_once, machine, run, running
from bench.timing import p50

_WARM_UP: Final = 20
_LOOK_EVERY: Final = 0.1
_YARDSTICK: Final = re.compile(r"^1 fulfilment\(s\): ([\d.]+) orders/s, (\d+) events$", re.MULTILINE)


@click.command()
@click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Orders of a run.")
@click.option("--at-once", "crowd", type=click.IntRange(1, 200), default=60, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--runs", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--yardstick",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar="OMS_BENCH_YARDSTICK",
    help="A script to compare with, run as `python SCRIPT TEMPORAL_ADDRESS COUNT` before and after each run.",
)
def main(count: int, crowd: int, workers: int, runs: int, yardstick: Path | None) -> None:
    """Measure orders per second, from the POST to the close.

    Boots the service in a temporary folder, and plays storefront, locations and carrier.
    """
    run(lambda: _bench(count, crowd, workers, runs, yardstick))


async def _bench(count: int, crowd: int, workers: int, runs: int, yardstick: Path | None) -> None:
    async with running(workers=workers) as service, asyncio.TaskGroup() as tasks:
        players = _Players(service, tasks)
        playing = [tasks.create_task(part) for part in (players.ship_all(), players.see_them_close())]
        await players.run(min(_WARM_UP, count), crowd)
        for number in range(1, runs + 1):
            print(
                f"\nrun {number} of {runs}: {count} orders, {crowd} at once, {workers} workers; {machine()}"
            )
            before = await _measured(yardstick, service, count)
            began, cpu = time.perf_counter(), cpu_ms(service.stack.pids)
            orders = await players.run(count, crowd)
            rate = count / (time.perf_counter() - began)
            spent = used(cpu, cpu_ms(service.stack.pids))
            events = await service.order_events(orders)
            print(f"{rate:.1f} orders/s, {p50(events):.0f} events an order ({min(events)}–{max(events)})")
            print(
                "CPU ms an order: "
                + ", ".join(f"{name} {ms / count:.0f}" for name, ms in sorted(spent.items()))
            )
            after = await _measured(yardstick, service, count)
            if before and after:
                _compare(rate, before, after)
        for task in playing:
            task.cancel()


def _compare(rate: float, before: float, after: float) -> None:
    mean = (before + after) / 2
    print(f"yardstick: {before:.1f} orders/s before, {after:.1f} after; ours is {rate / mean:.2f} of it")


async def _measured(yardstick: Path | None, service: Service, count: int) -> float | None:
    """The orders per second that the script prints."""
    if yardstick is None:
        return None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        yardstick,
        service.stack.temporal_address,
        str(count),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    found = _YARDSTICK.search(output.decode())
    if found is None:
        raise click.ClickException(f"{yardstick} printed no line of one fulfilment:\n{output.decode()}")
    return float(found[1])


class _Players:
    """Storefront, locations and carrier."""

    def __init__(self, service: Service, tasks: asyncio.TaskGroup) -> None:
        self._service = service
        self._tasks = tasks
        self._closed: dict[str, asyncio.Event] = {}
        self._known: set[str] = set()

    async def run(self, count: int, crowd: int) -> list[str]:
        """Take `count` orders from the POST to the close; returns their ids."""
        return await at_once(crowd, [1] * count, self._live)

    async def _live(self, units: int) -> str:
        order_id = await self._service.place(units)
        closed = self._closed[order_id] = asyncio.Event()
        await closed.wait()
        return order_id

    async def ship_all(self) -> None:
        """Take work off the list for ever."""
        headers = {"Authorization": f"Bearer {self._service.keys['ops']}"}
        params = {"status": "open", "limit": "200"}
        while True:
            answer = await self._service.http.get("/v1/fulfillments", params=params, headers=headers)
            for work in answer.raise_for_status().json()["data"]:
                if work["id"] not in self._known:
                    self._known.add(work["id"])
                    self._tasks.create_task(self._ship(work["id"]))
            await asyncio.sleep(_LOOK_EVERY)

    async def _ship(self, work_id: str) -> None:
        number = f"TN{uuid4().hex}"
        parcel = {"carrier": "generic", "tracking_number": number}
        (await self._service.post("ops", f"/v1/fulfillments/{work_id}/ship", parcel)).raise_for_status()
        await self._scan({"tracking_number": number, "status": "delivered", "event_id": number})

    async def _scan(self, event: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        content = json.dumps({**event, "occurred_at": now.isoformat()})
        proof = Webhook(self._service.keys["carriers"]["generic"]["secret"])
        headers = {
            "Content-Type": "application/json",
            "webhook-id": event["event_id"],
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": proof.sign(event["event_id"], now, content),
        }
        path = "/v1/carriers/generic/events"
        (await self._service.http.post(path, content=content, headers=headers)).raise_for_status()

    async def see_them_close(self) -> None:
        """Look for orders that have closed, for ever."""
        question = "SELECT id FROM orders WHERE id = ANY($1) AND closed_at IS NOT NULL"
        while True:
            open_ones = [order_id for order_id, closed in self._closed.items() if not closed.is_set()]
            for row in await self._service.database.fetch(question, open_ones):
                self._closed.pop(row["id"]).set()
            await asyncio.sleep(_LOOK_EVERY / 2)
