"""Processes that die before their order's end are begun anew, and go on from the rows."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from activities.processes import Processes
from activities.reconciler import Reconciler
from adapters.db.engine import create_engine
from tests.world import World, at


async def reconciled(service: World) -> int:
    engine = create_engine(
        service.settings.sqlalchemy_url, pool_size=2, statement_timeout=timedelta(seconds=10)
    )
    processes = Processes(service.env.client, return_window=service.settings.return_window)
    started = await Reconciler(engine, service.env.client, processes, every=timedelta(0)).sweep()
    await engine.dispose()
    return started


async def test_an_order_whose_process_was_terminated_goes_on_where_it_was(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    await service.process(order_id).terminate("by mistake")

    assert await reconciled(service) >= 1

    number = await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    await service.scan(number, "delivered")
    await service.until(order_id, "delivered")
    await service.close(order_id)
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert len((await service.order(order_id))["fulfillments"]) == 1


async def test_news_for_a_dead_process_bring_it_back_at_once(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    await service.process(order_id).terminate("by mistake")

    await service.cancel(order_id)

    await service.paid(order_id, "voided")
    await service.until(order_id, lambda o: o["closed_at"] is not None)


async def test_a_living_process_and_a_closed_order_are_left_alone(service: World) -> None:
    sku = await service.sku(north=2)
    living = await service.place((sku, 1))
    await service.until(living, "in_fulfillment")
    ended = await service.place((sku, 1))
    await service.cancel(ended)
    await service.until(ended, lambda o: o["closed_at"] is not None)
    before = [(await service.process(one).describe()).run_id for one in (living, ended)]

    await reconciled(service)

    assert [(await service.process(one).describe()).run_id for one in (living, ended)] == before
    await service.cancel(living)


async def test_a_return_whose_process_was_terminated_expires_all_the_same(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    await service.deliver(order_id)
    body = {"lines": [{"line_id": "1", "quantity": 1, "reason": "too small"}], "refund_to": "original"}
    asked = await service.post("storefront", f"/v1/orders/{order_id}/returns", body, status=201)
    process = service.env.client.get_workflow_handle(f"return:{asked['id']}")
    await until_started(process)
    await process.terminate("by mistake")

    assert await reconciled(service) >= 1

    await service.env.fast_forward(process, timedelta(days=31))
    await service.until(order_id, lambda o: bool(o["returns"][0]["status"] == "expired"))


async def until_started(process: WorkflowHandle[Any, Any]) -> None:
    """The relay starts a return's process a moment after its rows."""
    for _ in range(100):
        try:
            await process.describe()
        except RPCError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError(f"{process.id} was not started")
