"""A command as a transaction beside the same command as a Temporal Update (ADR 0001): `oms bench commands`.

Both cancel one unit of an open order over HTTP, on the same servers, in turn. The transaction is the real
`POST /v1/orders/{id}/cancel`; the Update is `bench/by_update.py`, whose processes have started before.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

import click
import httpx

from bench.by_update import QUEUE, CommandedOrder, process_id
from bench.cpu import cpu_ms, used
from bench.service import Service, at_once, machine, run, running
from bench.timing import p50, p99
from cli.embedded.part import Part
from cli.embedded.ports import LOOPBACK, free_port
from cli.embedded.programs import OMS
from cli.embedded.service import api_part, worker_parts
from cli.embedded.supervisor import Supervisor

_UNITS: Final = 6
"""Of each order: four are cancelled by the timed commands, one or two with the workers stopped."""
_CROWD: Final = 20
_ASKED_WITHOUT_WORKER: Final = 5
_PAUSE: Final = 0.1
"""Seconds between commands sent one at a time: what the one before has set off is over."""
_BACK_TO_WORK: Final = 8.0
_AFTERMATH: Final = 2.0
"""Seconds after the last answer in which the processes have learned of it."""

BY_UPDATE: Final = (*OMS[:-1], "bench.by_update")


@dataclass(frozen=True, slots=True)
class Way:
    """One way that a command takes: where it is sent, whose history tells of it, and its own processes."""

    name: str
    path: str
    process: Callable[[str], str]
    pids: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """A command's answer: its status, the milliseconds it took, and when it was there."""

    status: int
    took: float
    at: datetime


@dataclass(frozen=True, slots=True)
class _Timed:
    """What it took to send one command to each order; `cpu` and `told` in ms, the latter after the answer."""

    sent: Sequence[Sent]
    seconds: float
    cpu: float = 0
    events: Sequence[int] = ()
    told: Sequence[float] = ()


@click.command()
@click.option(
    "--count", type=click.IntRange(min=_CROWD), default=200, show_default=True, help="Of each kind."
)
@click.option("--runs", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--patience", type=float, default=5.0, show_default=True, help="Seconds that an Update may take."
)
def main(count: int, runs: int, patience: float) -> None:
    """Time a command as a transaction, and as a Temporal Update.

    Boots the service in a temporary folder. Each run places orders of its own and cancels one unit after
    the other: one command at a time, then 20 at once, then with the workers stopped.
    """
    run(lambda: _bench(count, runs, patience))


async def _bench(count: int, runs: int, patience: float) -> None:
    async with running() as service, _both_ways(service, patience) as ways:
        await _warm_up(service, ways)
        for number in range(1, runs + 1):
            print(f"\nrun {number} of {runs}: {count} commands of each kind; {machine()}")
            orders = await _open_orders(service, count)
            await _time(service, ways, orders)
            await _without_workers(service, ways, orders)


async def _warm_up(service: Service, ways: Sequence[Way]) -> None:
    """Connections are open and statements compiled before anything is timed."""
    orders = await _open_orders(service, _CROWD)
    for way in ways:
        await _cancel_each(service, way, orders, 1)
        await _cancel_each(service, way, orders, _CROWD)


@asynccontextmanager
async def _both_ways(service: Service, patience: float) -> AsyncIterator[tuple[Way, Way]]:
    port = free_port()
    env = {**service.stack.environment, "BENCH_RPC_TIMEOUT": str(patience)}
    parts: list[Part] = [
        api_part(BY_UPDATE, port, env),
        *worker_parts(BY_UPDATE, 1, env, after=_at_once),
    ]
    async with Supervisor(service.stack.data_dir / "logs-by-update") as supervisor:
        await supervisor.start(*parts)
        url = f"http://{LOOPBACK}:{port}"
        yield (
            Way("transaction", "/v1/orders/{}/cancel", "order:{}".format, service.stack.pids),
            Way("update", url + "/bench/orders/{}/cancel", process_id, supervisor.pids),
        )


async def _at_once() -> None:
    """The worker waits for nothing."""


async def _open_orders(service: Service, count: int) -> list[str]:
    """Orders at their locations, with both processes started and at rest."""
    orders = await at_once(_CROWD, [_UNITS] * count, service.place)
    await service.until(
        "SELECT count(*) = $2 FROM orders WHERE id = ANY($1) AND status = 'in_fulfillment'", orders, count
    )

    async def start(order_id: str) -> None:
        await service.temporal.start_workflow(
            CommandedOrder.run, order_id, id=process_id(order_id), task_queue=QUEUE
        )

    await at_once(_CROWD, orders, start)
    await _at_rest(service, [process_id(order_id) for order_id in orders])
    return orders


async def _at_rest(service: Service, processes: Sequence[str]) -> list[int]:
    """Wait until everybody has been told everything and no history grows; returns their lengths."""
    await service.until("SELECT NOT EXISTS (SELECT FROM outbox WHERE done_at IS NULL)")
    before: list[int] = []
    while (now := await service.history_lengths(processes)) != before:
        before = now
        await asyncio.sleep(1)
    return now


async def _time(service: Service, ways: Sequence[Way], orders: Sequence[str]) -> None:
    """Each way alone and in a crowd, in the order a b b a, so that neither has the warmer machine."""
    alone = [await _one_at_a_time(service, way, orders) for way in ways]
    crowd = [await _in_a_crowd(service, way, orders) for way in reversed(ways)][::-1]
    print("                    | transaction p50    p99 | update p50    p99 | ratio p50   p99")
    _print_row("one at a time, ms", *(one.sent for one in alone))
    _print_row(f"{_CROWD} at once, ms", *(one.sent for one in crowd))
    for way, slow, fast in zip(ways, alone, crowd, strict=True):
        rate = len(orders) / fast.seconds
        print(f"  {way.name}: {_spread(slow.events)} history events a command, ", end="")
        print(f"{fast.cpu / len(orders):.0f} ms CPU, {rate:.0f} commands/s {_CROWD} at once")
    told = alone[0].told
    print(f"  transaction: the process is told {p50(told):.0f} ms (p99 {p99(told):.0f} ms) after the answer")


async def _one_at_a_time(service: Service, way: Way, orders: Sequence[str]) -> _Timed:
    processes = [way.process(order_id) for order_id in orders]
    before = await _at_rest(service, processes)
    timed = await _cancel_each(service, way, orders, 1, pause=_PAUSE)
    after = await _at_rest(service, processes)
    events = [one - other for one, other in zip(after, before, strict=True)]
    told = await _told_after(service, dict(zip(orders, timed.sent, strict=True)))
    return replace(timed, events=events, told=told)


async def _in_a_crowd(service: Service, way: Way, orders: Sequence[str]) -> _Timed:
    parts = {**service.stack.pids, **way.pids}
    before = cpu_ms(parts)
    timed = await _cancel_each(service, way, orders, _CROWD)
    await asyncio.sleep(_AFTERMATH)
    spent = used(before, cpu_ms(parts))
    await _at_rest(service, [way.process(order_id) for order_id in orders])
    return replace(timed, cpu=sum(spent.values()))


def _print_row(name: str, a: Sequence[Sent], b: Sequence[Sent]) -> None:
    one, other = ([sent.took for sent in way] for way in (a, b))
    ratios = f"{p50(other) / p50(one):9.1f} {p99(other) / p99(one):5.1f}"
    print(f"  {name:17} | {p50(one):15.1f} {p99(one):6.1f} | {p50(other):10.1f} {p99(other):6.1f} | {ratios}")


def _spread(counts: Sequence[int]) -> str:
    least, most = min(counts), max(counts)
    return f"{least}" if least == most else f"{p50(counts):.0f} ({least}–{most})"


async def _cancel_each(
    service: Service, way: Way, orders: Sequence[str], most: int, *, pause: float = 0
) -> _Timed:
    began = time.perf_counter()
    sent = await at_once(most, orders, partial(_cancel, service, way, pause=pause))
    seconds = time.perf_counter() - began
    refused = [one.status for one in sent if one.status != httpx.codes.OK]
    if refused:
        raise click.ClickException(f"{len(refused)} commands failed ({way.name}): {refused[0]}")
    return _Timed(sent, seconds)


async def _cancel(service: Service, way: Way, order_id: str, *, pause: float = 0) -> Sent:
    await asyncio.sleep(pause)
    body = {"lines": [{"line_id": "1", "quantity": 1}], "reason": "benchmark"}
    began = time.perf_counter()
    answer = await service.post("ops", way.path.format(order_id), body)
    return Sent(answer.status_code, 1000 * (time.perf_counter() - began), datetime.now(UTC))


async def _told_after(service: Service, sent: Mapping[str, Sent]) -> list[float]:
    """Milliseconds from each answer until the relay had signalled the order's process."""
    rows = await service.database.fetch(
        "SELECT order_id, max(done_at) AS told FROM outbox WHERE order_id = ANY($1) GROUP BY order_id",
        list(sent),
    )
    return [1000 * (row["told"] - sent[row["order_id"]].at).total_seconds() for row in rows]


async def _without_workers(service: Service, ways: Sequence[Way], orders: Sequence[str]) -> None:
    """What each way answers while its worker is stopped, and what came of it afterwards."""
    asked = orders[:_ASKED_WITHOUT_WORKER]
    before = await _cancelled(service, asked)
    with _stopped([way.pids["worker"] for way in ways]):
        for way in ways:
            answers = await at_once(len(asked), asked, partial(_cancel, service, way))
            seen = sorted({one.status for one in answers})
            took = p50([one.took for one in answers])
            done = await _cancelled(service, asked) - before
            before += done
            print(f"  {way.name}, worker stopped: {seen} after {took:.0f} ms, {done} of {len(asked)} done")
    await asyncio.sleep(_BACK_TO_WORK)
    late = await _cancelled(service, asked) - before
    print(f"  the workers are back: {late} of {len(asked)} Updates are done after their answer")


@contextmanager
def _stopped(pids: Sequence[int]) -> Iterator[None]:
    """Let processes stand still inside the block."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def _cancelled(service: Service, orders: Sequence[str]) -> int:
    units = await service.database.fetchval(
        "SELECT sum(cancelled) FROM order_lines WHERE order_id = ANY($1)", list(orders)
    )
    return int(units)
