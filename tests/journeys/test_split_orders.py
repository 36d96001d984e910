"""An order from two locations: two captures, one total, to the minor unit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.world import World, at, quantities


def captured(order: Mapping[str, Any], least: int) -> bool:
    return int(order["totals"]["captured"]) >= least


async def test_two_captures_sum_to_the_total_with_shipping_in_the_first(service: World) -> None:
    first, second = await service.sku(north=1), await service.sku(south=3)
    lines = [
        {"sku": first, "quantity": 1, "unit_price": 333},
        {"sku": second, "quantity": 3, "unit_price": 777},
    ]
    order_id = await service.place(lines=lines, shipping_price=499, discount=100, tax=77)
    order = await service.until(order_id, "in_fulfillment")
    assert {one["location_id"] for one in order["fulfillments"]} == {"north", "south"}

    await service.ship(at(order, "south")["id"])
    await service.until(order_id, lambda o: o["totals"]["captured"] > 0)
    assert (await service.order(order_id))["status"] == "partially_shipped"
    await service.ship(at(order, "north")["id"])
    order = await service.paid(order_id)

    total = 333 + 3 * 777 + 499 - 100 + 77
    books = await service.books(order_id)
    assert [kind for kind, _, _ in books] == ["authorize", "capture", "capture"]
    assert books[0] == ("authorize", total, "succeeded")
    assert books[1] == ("capture", 3 * 777 - 87 + 67 + 499, "succeeded")
    assert books[1][1] + books[2][1] == total == order["totals"]["captured"]
    assert await service.level("south", second) == (0, 0)
    assert await service.level("north", first) == (0, 0)


async def test_the_units_of_one_line_are_paid_as_they_leave_without_losing_a_cent(service: World) -> None:
    sku = await service.sku(north=1, south=1, east=1)
    lines = [{"sku": sku, "quantity": 3, "unit_price": 333}]
    order_id = await service.place(lines=lines, shipping_price=0, discount=0, tax=1)
    order = await service.until(order_id, "in_fulfillment")
    assert len(order["fulfillments"]) == 3

    for done, work in enumerate(order["fulfillments"], 1):
        await service.ship(work["id"])
        await service.until(order_id, partial(captured, least=333 * done))
    order = await service.paid(order_id)

    captures = [amount for kind, amount, _ in await service.books(order_id) if kind == "capture"]
    assert captures == [333, 334, 333]
    assert quantities(order) == {"shipped": 3}


async def test_a_split_order_is_delivered_when_its_last_parcel_is(service: World) -> None:
    first, second = await service.sku(north=1), await service.sku(south=1)
    order_id = await service.place((first, 1), (second, 1))
    order = await service.until(order_id, "in_fulfillment")
    numbers = {place: await service.ship(at(order, place)["id"]) for place in ("north", "south")}
    await service.until(order_id, "shipped")

    await service.scan(numbers["north"], "delivered")
    assert (await service.order(order_id))["status"] == "partially_delivered"
    await service.scan(numbers["south"], "delivered")
    await service.paid(order_id)
    order = await service.close(order_id)

    assert [quantities(order, line) for line in (0, 1)] == [{"delivered": 1}, {"delivered": 1}]
    assert (await service.history(order_id)).count("fulfillment.delivered") == 2
    assert (await service.history(order_id))[-1] == "order.closed"
