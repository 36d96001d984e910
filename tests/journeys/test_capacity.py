"""A location takes as much a day as it can; the rest goes elsewhere or waits for the next day."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from adapters.db.tables import capacity_usage
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


async def used(service: World, location: str) -> int:
    """What of a location's capacity is taken, on all days together."""
    async with service.database() as connection:
        rows = await connection.execute(
            select(capacity_usage.c.used).where(capacity_usage.c.location_id == location)
        )
        return sum(rows.scalars())


async def test_a_cancelled_order_gives_its_place_back_to_the_next_one(service: World) -> None:
    small = await service.location(daily_capacity=1, handling_cost=1)
    sku = await service.sku(**{small: 5, "east": 5})
    first = await service.place((sku, 1))
    await service.until(first, "in_fulfillment")
    assert await used(service, small) == 1

    await service.cancel(first)

    assert await used(service, small) == 0
    second = await service.place((sku, 1))
    order = await service.until(second, "in_fulfillment")
    assert order["fulfillments"][0]["location_id"] == small
    assert await used(service, small) == 1
    await service.paid(first, "voided")


async def test_units_that_do_not_ship_are_given_back_and_those_that_left_are_not(service: World) -> None:
    small = await service.location(daily_capacity=9, capacity_unit="units", handling_cost=1)
    sku = await service.sku(**{small: 9})
    order_id = await service.place((sku, 6))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, small)["id"]
    assert await used(service, small) == 6

    await service.cancel(order_id, ("1", 1))
    assert await used(service, small) == 5
    await service.step(work, "pick", {"lines": [{"line_id": "1", "quantity": 4}]})
    assert await used(service, small) == 4
    lines = [{"line_id": "1", "quantity": 3}]
    parcel = {"carrier": "ups", "tracking_number": f"TN-{work}", "lines": lines}
    await service.step(work, "ship", {"parcels": [parcel]})

    order = await service.cancel(order_id, ("1", 2))

    assert quantities(order) == {"shipped": 3, "cancelled": 3}
    assert at(order, small)["status"] == "shipped"
    assert await used(service, small) == 3
    await service.paid(order_id)
    assert ("capture", 3500, "succeeded") in await service.books(order_id)
    assert await service.level(small, sku) == (5, 0)


async def test_what_a_location_cannot_do_counts_against_nobodys_day(service: World) -> None:
    small = await service.location(daily_capacity=3, handling_cost=1)
    sku = await service.sku(**{small: 3, "east": 9})
    orders = [await service.place((sku, 1)) for _ in range(3)]
    works = [at(await service.until(one, "in_fulfillment"), small)["id"] for one in orders]
    assert await used(service, small) == 3

    await service.step(works[0], "reject", {"reason": "roof leaks"})
    assert await used(service, small) == 2
    body = {"exclude_locations": [small], "reason": "closed by snow"}
    await service.post("ops", f"/v1/orders/{orders[1]}/reroute", body)
    assert await used(service, small) == 1
    await service.count(small, sku, 0)

    assert await used(service, small) == 0
    for one in orders:
        order = await service.until(one, lambda o: len(o["fulfillments"]) == 2)
        assert at(order, "east")["status"] == "open"
