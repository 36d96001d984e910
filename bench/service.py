"""The service that a benchmark runs on: what `oms dev` starts, in a temporary folder and on free ports."""

import asyncio
import gc
import itertools
import json
import os
import platform
import random
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import asyncpg
import click
import httpx
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from cli.demo_run.order_body import order_body
from cli.demo_run.people import invented_customer, us_address
from cli.embedded.errors import EmbeddedError
from cli.embedded.stack import Stack
from domain.ids import workflow_id

A = TypeVar("A")
T = TypeVar("T")
SKUS: Final = tuple(f"BENCH-{number:02}" for number in range(20))
_LOCATIONS: Final = ("columbus-dc", "reno-dc", "dallas-3pl")
_PLENTY: Final = 1_000_000
_PATIENCE: Final = 120.0
_LOOK_EVERY: Final = 0.05
_numbers: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Service:
    """A running stack and its clients; `database` is for watching, never for changing anything."""

    stack: Stack
    keys: Mapping[str, Any]
    http: httpx.AsyncClient
    temporal: Client
    database: asyncpg.Pool

    async def post(self, role: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """POST with a role's key, under a new Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self.keys[role]}", "Idempotency-Key": uuid4().hex}
        return await self.http.post(path, json=body, headers=headers)

    async def place(self, units: int) -> str:
        """Place an order of some units of one SKU, to a city of the United States; returns its id."""
        chance = random.Random()
        number = f"bench-{next(_numbers):06}"
        customer = invented_customer(chance, number)
        body = order_body(
            number=number,
            currency="USD",
            customer=customer,
            ship_to=us_address(chance, customer["name"]),
            lines=[{"sku": chance.choice(SKUS), "quantity": units, "unit_price": 1999}],
            shipping_price=499,
            token="tok_ok",  # noqa: S106 (the sandbox's token for a payment that succeeds)
        )
        answer = await self.post("storefront", "/v1/orders", body)
        if answer.status_code != httpx.codes.CREATED:
            raise click.ClickException(f"an order was refused: {answer.status_code} {answer.text}")
        return str(answer.json()["id"])

    async def until(self, question: str, *arguments: object) -> None:
        """Look into the database until a question is answered with true."""
        async with asyncio.timeout(_PATIENCE):
            while not await self.database.fetchval(question, *arguments):  # noqa: ASYNC110 (asked anew)
                await asyncio.sleep(_LOOK_EVERY)

    async def history_lengths(self, names: Sequence[str]) -> list[int]:
        """How many events the histories of workflows have."""
        descriptions = await at_once(
            10, names, lambda name: self.temporal.get_workflow_handle(name).describe()
        )
        return [described.history_length for described in descriptions]

    async def order_events(self, orders: Sequence[str]) -> list[int]:
        """How many events the histories of orders have."""
        return await self.history_lengths([workflow_id(order_id) for order_id in orders])


@asynccontextmanager
async def running(*, workers: int = 1) -> AsyncIterator[Service]:
    """Run the whole service for as long as the block lasts; orders close as soon as they are delivered."""
    # A short name: PostgreSQL and Temporal keep their files below it.
    with tempfile.TemporaryDirectory(prefix="oms-bench-", ignore_cleanup_errors=True) as folder:
        env = {"OMS_RETURN_WINDOW": "PT0S"}
        async with Stack(
            data_dir=Path(folder) / "oms", port=None, workers=workers, env=env, report=_say
        ) as stack:
            limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
            async with (
                httpx.AsyncClient(base_url=stack.api_url, timeout=60, limits=limits) as http,
                asyncpg.create_pool(stack.database_url, min_size=1, max_size=2) as database,
            ):
                temporal = await Client.connect(
                    stack.temporal_address, data_converter=pydantic_data_converter
                )
                keys = json.loads((stack.data_dir / "keys.json").read_text())
                service = Service(stack, keys, http, temporal, database)
                await _stock(service)
                yield service


async def _stock(service: Service) -> None:
    """Products that no order runs out of."""
    headers = {"Authorization": f"Bearer {service.keys['ops']}"}
    for sku in SKUS:
        product = {"name": f"Product {sku}", "weight_g": 750}
        (await service.http.put(f"/v1/products/{sku}", json=product, headers=headers)).raise_for_status()
        for location in _LOCATIONS:
            count = {"on_hand": _PLENTY, "as_of": datetime.now(UTC).isoformat()}
            path = f"/v1/inventory/{location}/{sku}"
            (await service.http.put(path, json=count, headers=headers)).raise_for_status()


async def at_once(most: int, arguments: Sequence[A], call: Callable[[A], Awaitable[T]]) -> list[T]:
    """Call something with each argument, at most so many calls under way; results in their order."""
    turn = asyncio.Semaphore(most)

    async def one(argument: A) -> T:
        async with turn:
            return await call(argument)

    return list(await asyncio.gather(*(one(argument) for argument in arguments)))


def run(benchmark: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a benchmark; Ctrl-C and SIGTERM take down what it has started."""
    try:
        asyncio.run(_until_told(benchmark))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    except ExceptionGroup as errors:
        raise click.ClickException("; ".join(map(str, errors.exceptions))) from errors
    except _Terminated:
        sys.exit(128 + signal.SIGTERM)
    gc.collect()  # a Temporal client that lives on can crash the interpreter's exit


class _Terminated(Exception):  # noqa: N818 (somebody has asked for it)
    """SIGTERM came."""


async def _until_told(benchmark: Callable[[], Coroutine[Any, Any, None]]) -> None:
    running_one = asyncio.ensure_future(benchmark())
    told = asyncio.Event()

    def stop() -> None:
        told.set()
        running_one.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    await asyncio.wait([running_one])
    if told.is_set():
        click.echo("terminated", err=True)
        raise _Terminated
    await running_one


def machine() -> str:
    """On what the figures were taken, in one line."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()}"


def _say(line: str) -> None:
    click.echo(line, err=True)
