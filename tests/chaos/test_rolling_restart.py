"""Workers are replaced by ones with a changed workflow while orders are open: nobody notices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

import worker
from adapters.payments.sandbox_service import create_app as create_psp
from api.app import create_app
from cli.audit import audit
from cli.embedded.ports import free_port
from cli.embedded.testing import embedded_temporal
from config.settings import Settings
from tests.chaos.deployments import (
    ROOT,
    copy_of_the_program,
    patch,
    running_worker,
    until_current_is_not,
)
from tests.shop import Shop
from tests.world import SECRET, prepare, serving

OPEN_ORDERS: Final = 50
NEW_ORDERS: Final = 5
MARKER: Final = "look-twice-before-routing"
_ROUTE: Final = "        await self._fulfil_at_each_location()\n"
_LOOK_TWICE: Final = f'        if workflow.patched("{MARKER}"):\n            await asyncio.sleep(1)\n'
_AT_ONCE: Final = 8

pytestmark = pytest.mark.chaos


@asynccontextmanager
async def shop_without_workers(database_url: str, temporal: str, folder: Path) -> AsyncIterator[Shop]:
    secrets = folder / "carriers.json"
    secrets.write_text(f'{{"carriers": {{"generic": {{"secret": "{SECRET}"}}}}}}')
    psp_port, api_port = free_port(), free_port()
    settings = Settings(
        database_url=database_url,
        temporal_address=temporal,
        psp_url=f"http://127.0.0.1:{psp_port}",
        carrier_secrets_file=secrets,
        return_window=timedelta(0),
    )
    keys = await prepare(settings)
    async with (
        serving(create_psp(database_url), psp_port),
        serving(create_app(settings), api_port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{api_port}", timeout=30) as http,
    ):
        yield Shop(settings, http, keys)


async def live_on(shop: Shop, order_id: str, turn: asyncio.Semaphore) -> str:
    """Ship, pay for and deliver an order, whichever worker does the rest; returns how it ended."""
    async with turn:
        order = await shop.until(order_id, "in_fulfillment", seconds=60)
        number = await shop.ship(order["fulfillments"][0]["id"])
        await shop.until(order_id, lambda one: one["payment_status"] == "captured", seconds=60)
        await shop.scan(number, "delivered")
        ended = await shop.until(order_id, lambda one: one["closed_at"] is not None, seconds=60)
    return str(ended["status"])


async def runs_the_patch(client: Client, order_id: str) -> bool:
    history = await client.get_workflow_handle(f"order:{order_id}").fetch_history()
    return any(MARKER in str(event.marker_recorded_event_attributes) for event in history.events)


@pytest.mark.timeout(240)
async def test_fifty_open_orders_outlive_a_rolling_restart_to_a_changed_workflow(
    fresh_database_url: str, tmp_path: Path
) -> None:
    changed = copy_of_the_program(tmp_path / "changed")
    patch(changed / "workflows" / "order.py", _ROUTE, _LOOK_TWICE + _ROUTE)
    log = tmp_path / "workers.log"
    async with (
        embedded_temporal() as temporal,
        shop_without_workers(fresh_database_url, temporal, tmp_path) as shop,
        running_worker(shop.settings, ROOT, log) as first,
    ):
        client = await Client.connect(temporal, data_converter=pydantic_data_converter)
        sku = await shop.sku(north=2 * (OPEN_ORDERS + NEW_ORDERS))
        open_orders = [await shop.place((sku, 1)) for _ in range(OPEN_ORDERS)]
        for order_id in open_orders:
            await shop.until(order_id, "in_fulfillment", seconds=60)
        assert await until_current_is_not(client, "") == worker.build_id()

        turn = asyncio.Semaphore(_AT_ONCE)
        first_half = [
            asyncio.create_task(live_on(shop, order_id, turn)) for order_id in open_orders[: OPEN_ORDERS // 2]
        ]
        async with running_worker(shop.settings, changed, log) as second:
            await until_current_is_not(client, worker.build_id())
            first.terminate()
            new_orders = [await shop.place((sku, 1)) for _ in range(NEW_ORDERS)]
            rest = [
                live_on(shop, order_id, turn) for order_id in open_orders[OPEN_ORDERS // 2 :] + new_orders
            ]
            ended = await asyncio.gather(*first_half, *rest)
            for order_id in shop.placed:  # an order is closed before its process has heard of it
                await client.get_workflow_handle(f"order:{order_id}").result()
            stopped = await asyncio.wait_for(first.wait(), 30)
            second.terminate()
            stopped_too = await asyncio.wait_for(second.wait(), 30)

        patched = [await runs_the_patch(client, order_id) for order_id in open_orders + new_orders]
        findings = await audit(
            fresh_database_url, shop.settings.psp_url, temporal, "default", shop.placed, ()
        )
    assert ended == ["completed"] * (OPEN_ORDERS + NEW_ORDERS)
    assert patched == [False] * OPEN_ORDERS + [True] * NEW_ORDERS
    assert (stopped, stopped_too) == (0, 0)
    assert findings == []


@pytest.mark.timeout(240)
async def test_an_old_worker_that_is_started_again_takes_over_only_when_it_is_told_to(
    fresh_database_url: str, tmp_path: Path
) -> None:
    changed = copy_of_the_program(tmp_path / "changed")
    patch(changed / "workflows" / "order.py", _ROUTE, _LOOK_TWICE + _ROUTE)
    log = tmp_path / "workers.log"
    async with (
        embedded_temporal() as temporal,
        shop_without_workers(fresh_database_url, temporal, tmp_path) as shop,
    ):
        client = await Client.connect(temporal, data_converter=pydantic_data_converter)
        sku = await shop.sku(north=2)
        async with running_worker(shop.settings, ROOT, log):
            old = await until_current_is_not(client, "")
        async with running_worker(shop.settings, changed, log):
            new = await until_current_is_not(client, old)

            async with running_worker(shop.settings, ROOT, log) as straggler:
                await until_it_says(log, "another version has replaced this one")
                during = await shop.place((sku, 1))
                await shop.until(during, "in_fulfillment", seconds=60)
                straggler.terminate()
                await straggler.wait()
            after = await shop.place((sku, 1))
            await shop.until(after, "in_fulfillment", seconds=60)
            assert await until_current_is_not(client, "") == new
            assert [await runs_the_patch(client, one) for one in (during, after)] == [True, True]

        async with running_worker(shop.settings, ROOT, log, takes_over=True):
            assert await until_current_is_not(client, new) == old


async def until_it_says(log: Path, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in log.read_text("utf-8"):  # noqa: ASYNC110, ASYNC240 (another process's)
            await asyncio.sleep(0.1)
