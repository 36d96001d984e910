"""The whole service in the test's own process: real Temporal, PostgreSQL and payment provider, over HTTP."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from sqlalchemy import insert
from temporalio.client import WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

import worker
from adapters.db.engine import create_engine
from adapters.db.keys import Role, create_key
from adapters.db.tables import carrier_services, locations, service_bands
from adapters.payments.sandbox_service import NoticeAddress, Terms
from adapters.payments.sandbox_service import create_app as create_psp
from api.app import create_app
from cli.embedded.binaries import temporal_program
from cli.embedded.ports import free_port
from config.settings import Settings
from tests.shop import SECRET, Shop

PLACES = {"north": (40.0, -100.0), "south": (35.0, -100.0), "east": (40.0, -90.0)}
_TIMEOUT, _LATE = timedelta(seconds=1), timedelta(seconds=1.5)
_SHORT, _SETTLES = timedelta(seconds=2), timedelta(seconds=0.5)
_COMES_BACK = timedelta(days=3)
"""Of the provider: when its callers give up, how late it then answers, how long tok_expires_soon holds, and
how long what is decided later takes. A refund of tok_refund_comes_back does so when a test skips that far."""


@dataclass(kw_only=True)
class World(Shop):
    """The service with its processes at hand: what a journey is told through."""

    env: WorkflowEnvironment
    crew: "Crew"
    provider: "Ahead"

    def process(self, order_id: str) -> WorkflowHandle[Any, Any]:
        """The order's workflow."""
        return self.env.client.get_workflow_handle(f"order:{order_id}")

    async def skip(self, order_id: str, duration: timedelta) -> None:
        """Let time pass for one order."""
        await self.env.fast_forward(self.process(order_id), duration)

    async def both_skip(self, order_id: str, duration: timedelta) -> None:
        """Let time pass for one order, and for the payment provider."""
        self.provider.by += duration
        await self.skip(order_id, duration)

    async def close(self, order_id: str) -> dict[str, Any]:
        """Let the return window pass."""
        await self.skip(order_id, timedelta(days=31))
        return await self.until(order_id, "completed")


@asynccontextmanager
async def world(database_url: str, folder: Path, **settings: Any) -> AsyncIterator[World]:
    """Run everything in this process for as long as the block lasts."""
    secrets = folder / "carriers.json"
    secrets.write_text(json.dumps({"carriers": {"generic": {"secret": SECRET}}}))
    psp_port, api_port = free_port(), free_port()
    notices = f"http://127.0.0.1:{api_port}/v1/payments/{{account}}/notices"
    usual: dict[str, Any] = {"psp_timeout": _TIMEOUT, "psp_notice_url": notices}
    chosen = Settings(
        database_url=database_url,
        psp_url=f"http://127.0.0.1:{psp_port}",
        psp_notice_secret=SecretStr(SECRET),
        carrier_secrets_file=secrets,
        **usual | settings,
    )
    keys, ahead = await prepare(chosen), Ahead()
    env = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(temporal_program()),
        dev_server_log_level="error",
        dev_server_extra_args=["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"],
    )
    async with (
        env,
        serving(create_psp(database_url, terms(chosen, ahead)), psp_port),
        serving(create_app(chosen, temporal=env.client), api_port),
        working(chosen, env) as crew,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{api_port}", timeout=30) as http,
    ):
        yield World(chosen, http, keys, env=env, crew=crew, provider=ahead)


class Ahead:
    """The clock of the payment provider: ours, moved ahead by what a test has skipped for it."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        """What time it is there."""
        return datetime.now(UTC) + self.by


def terms(settings: Settings, clock: Ahead) -> Terms:
    """How the payment provider works in journeys: in haste, and telling its news to the API."""
    url, secret = settings.psp_notice_url, settings.psp_notice_secret
    address = NoticeAddress(url, secret.get_secret_value()) if url and secret else None
    return Terms(
        late_answer=_LATE,
        short_validity=_SHORT,
        settles_after=_SETTLES,
        notices=address,
        clock=clock,
        comes_back_after=_COMES_BACK,
    )


class Crew:
    """The workers and the relay, who may be sent home and called back."""

    def __init__(self, settings: Settings, env: WorkflowEnvironment) -> None:
        self._settings, self._env = settings, env
        self._changing = asyncio.Lock()
        self._begin()

    def _begin(self) -> None:
        self._stop = asyncio.Event()
        work = worker.run(self._settings, "all", self._stop, client=self._env.client)
        self._task = asyncio.create_task(work)

    async def leave(self) -> None:
        """Stop, when what is under way is done."""
        self._stop.set()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def come_back(self) -> None:
        """Begin again."""
        self._begin()

    async def relieve(self, *, pause: float) -> None:
        """Stop, and begin again after some seconds."""
        async with self._changing:
            await self.leave()
            await asyncio.sleep(pause)
            self._begin()


@asynccontextmanager
async def working(settings: Settings, env: WorkflowEnvironment) -> AsyncIterator[Crew]:
    """Run the workers and the relay."""
    crew = Crew(settings, env)
    try:
        yield crew
    finally:
        await crew.leave()


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    """Serve an application over HTTP."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", ws="none", timeout_keep_alive=300)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await task


async def prepare(settings: Settings) -> dict[str, str]:
    """Three locations, one service, and a key for each role."""
    engine = create_engine(settings.sqlalchemy_url, pool_size=2, statement_timeout=timedelta(seconds=10))
    now = datetime.now(UTC)
    async with engine.begin() as connection:
        for name, (lat, lng) in PLACES.items():
            row = {"id": name, "name": name, "kind": "dc", "lat": lat, "lng": lng, "handling_cost": 100}
            await connection.execute(insert(locations).values(row))
        await connection.execute(insert(carrier_services).values(name="ground"))
        await connection.execute(
            insert(service_bands).values(service="ground", max_km=20000, base=500, per_kg=100, transit_days=3)
        )
        keys = {}
        for role in Role:
            made = await create_key(
                connection,
                role=role,
                name=f"test-{role.value}",
                channels=["web"] if role is Role.STOREFRONT else [],
                location_id="north" if role is Role.LOCATION else None,
                now=now,
            )
            keys[role.value] = made.key
    await engine.dispose()
    return keys


def quantities(order: Mapping[str, Any], line: int = 0) -> dict[str, int]:
    """The buckets of a line that hold units."""
    return {bucket: units for bucket, units in order["lines"][line]["quantities"].items() if units}


def at(order: Mapping[str, Any], location: str) -> dict[str, Any]:
    """The newest work that was asked of a location."""
    found: dict[str, Any] = [one for one in order["fulfillments"] if one["location_id"] == location][-1]
    return found


def sent_by(location: str, units: int) -> list[tuple[str, str, int, int]]:
    """The ledger of a product of which one location had so many units, and sent them all."""
    return [
        (location, "count", units, 0),
        (location, "reserved", 0, units),
        (location, "shipped", -units, -units),
    ]


__all__ = ["PLACES", "SECRET", "World", "at", "quantities", "sent_by", "world"]
