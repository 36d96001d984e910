"""A location takes as much a day as it can; the rest goes elsewhere or waits for the next day."""

import asyncio
from datetime import timedelta

from tests.world import World, at, quantities


async def decisions(service: World, order_id: str) -> int:
    return len((await service.get("ops", f"/v1/orders/{order_id}/routing"))["data"])


async def test_the_second_order_of_a_full_location_goes_elsewhere(service: World) -> None:
    small = await service.location(daily_capacity=1, handling_cost=1)
    sku = await service.sku(**{small: 5, "east": 5})
    first = await service.place((sku, 1))
    order = await service.until(first, "in_fulfillment")
    assert at(order, small)["status"] == "open"

    second = await service.place((sku, 1))

    order = await service.until(second, "in_fulfillment")
    assert order["fulfillments"][0]["location_id"] == "east"


async def test_when_nobody_has_capacity_an_order_waits_for_the_next_day(service: World) -> None:
    small = await service.location(daily_capacity=1)
    sku = await service.sku(**{small: 5})
    first = await service.place((sku, 1))
    await service.until(first, "in_fulfillment")
    second = await service.place((sku, 1))
    order = await service.until(second, "awaiting_stock")
    assert quantities(order) == {"backordered": 1}

    await service.skip(second, timedelta(hours=25))

    order = await service.until(second, "in_fulfillment", 30)
    assert quantities(order) == {"allocated": 1}
    assert await decisions(service, second) == 2


async def test_orders_that_wait_for_capacity_do_not_chase_each_other_for_stock(service: World) -> None:
    small = await service.location(daily_capacity=1)
    sku = await service.sku(**{small: 2})
    first = await service.place((sku, 1))
    await service.until(first, "in_fulfillment")
    waiting = [await service.place((sku, 1)) for _ in range(2)]
    for order_id in waiting:
        await service.until(order_id, "awaiting_stock")

    await service.receive(small, sku, 1)
    await asyncio.sleep(2)

    assert max([await decisions(service, order_id) for order_id in waiting]) <= 3
    for order_id in waiting:
        assert (await service.order(order_id))["status"] == "awaiting_stock"


async def test_an_order_that_waits_for_capacity_takes_stock_that_comes_elsewhere(service: World) -> None:
    small = await service.location(daily_capacity=1)
    sku = await service.sku(**{small: 2})
    first = await service.place((sku, 1))
    await service.until(first, "in_fulfillment")
    second = await service.place((sku, 1))
    await service.until(second, "awaiting_stock")

    await service.receive("east", sku, 1)

    order = await service.until(second, "in_fulfillment")
    assert at(order, "east")["status"] == "open"
