"""With Temporal stopped orders are taken and cancelled all the same, and run when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

import worker
from adapters.payments.sandbox_service import create_app as create_psp
from api.app import create_app
from cli.embedded.ports import free_port
from cli.embedded.testing import embedded_temporal
from config.settings import Settings
from tests.shop import Shop
from tests.world import prepare, serving


@asynccontextmanager
async def _shop_without_temporal(database_url: str) -> AsyncIterator[Shop]:
    psp_port, api_port = free_port(), free_port()
    settings = Settings(
        database_url=database_url,
        temporal_address=f"127.0.0.1:{free_port()}",
        psp_url=f"http://127.0.0.1:{psp_port}",
        return_window=timedelta(0),
    )
    keys = await prepare(settings)
    async with (
        serving(create_psp(database_url), psp_port),
        serving(create_app(settings), api_port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{api_port}", timeout=30) as http,
    ):
        yield Shop(settings, http, keys)


@asynccontextmanager
async def _temporal_is_back(shop: Shop) -> AsyncIterator[None]:
    port = int(shop.settings.temporal_address.rpartition(":")[2])
    stop = asyncio.Event()
    async with embedded_temporal(port=port):
        working = asyncio.create_task(worker.run(shop.settings, "all", stop))
        try:
            yield
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await working


@pytest.mark.chaos
async def test_orders_are_taken_while_temporal_is_away_and_run_when_it_is_back(
    fresh_database_url: str, tmp_path: Path
) -> None:
    async with _shop_without_temporal(fresh_database_url) as shop:
        sku = await shop.sku(north=10)

        runs = await shop.place((sku, 1))
        cancelled = await shop.place((sku, 2))
        halved = await shop.place((sku, 2))
        answer = await shop.post(
            "storefront", f"/v1/orders/{cancelled}/cancel", {"reason": "changed my mind"}
        )
        partly = {"reason": "one is enough", "lines": [{"line_id": "1", "quantity": 1}]}
        await shop.post("storefront", f"/v1/orders/{halved}/cancel", partly)
        assert answer["status"] == "cancelled"
        assert (await shop.http.get("/readyz")).status_code == 503
        assert (await shop.http.get("/readyz?for=intake")).status_code == 200
        assert (await shop.order(runs))["status"] == "received"

        async with _temporal_is_back(shop):
            await shop.until(runs, "in_fulfillment", seconds=40)
            half = await shop.until(halved, "in_fulfillment", seconds=40)
            ended = await shop.until(cancelled, lambda order: order["closed_at"] is not None, seconds=40)

        assert ended["status"] == "cancelled"
        assert ended["fulfillments"] == []
        assert await shop.books(cancelled) == []
        assert await shop.books(halved) == [("authorize", 1500, "succeeded")]
        assert half["lines"][0]["quantities"]["allocated"] == 1
        assert await shop.level("north", sku) == (10, 2)
