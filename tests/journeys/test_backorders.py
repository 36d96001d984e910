"""What cannot ship waits; what arrives is given to those who wait, oldest promise first."""

import pytest

from tests.passages import PAID_BY, SENT_BY
from tests.world import World, at, quantities


async def test_an_order_without_stock_waits_and_is_served_by_the_receipt(service: World) -> None:
    sku = await service.sku()
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "awaiting_stock")
    assert quantities(order) == {"backordered": 2}

    await service.receive("south", sku, 2)
    order = await service.until(order_id, "in_fulfillment")
    await service.ship(at(order, "south")["id"])
    await service.paid(order_id)

    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("lines.backordered", "process"),
        ("line.supplied", "stock"),
        ("fulfillment.created", "process"),
        *SENT_BY,
    ]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert await service.movements(sku) == [
        ("south", "adjustment: receipt", 2, 0),
        ("south", "earmarked", 0, 2),
        ("south", "earmark released", 0, -2),
        ("south", "reserved", 0, 2),
        ("south", "shipped", -2, -2),
    ]
    assert await service.levels(sku) == {"south": (0, 0)}


@pytest.mark.parametrize("who", ["storefront", "ops"])
async def test_an_order_that_waits_is_called_off_by_its_customer_or_by_ops(service: World, who: str) -> None:
    sku = await service.sku()
    order_id = await service.place((sku, 2))
    await service.until(order_id, "awaiting_stock")

    path = f"/v1/orders/{order_id}/cancel"
    order = await service.post(who, path, {"reason": "will not wait"})
    await service.receive("south", sku, 2)

    assert quantities(order) == {"cancelled": 2}
    await service.until(order_id, lambda o: o["closed_at"] is not None)
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("lines.backordered", "process"),
        ("order.cancelled", f"{who}:test-{who}"),
        ("payment.voided", "process"),
        ("order.closed", "process"),
    ]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("void", 2500, "succeeded")]
    assert await service.movements(sku) == [("south", "adjustment: receipt", 2, 0)]
    assert await service.levels(sku) == {"south": (2, 0)}


async def test_what_is_there_ships_and_the_rest_waits(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 3))
    order = await service.until(order_id, "in_fulfillment")
    assert quantities(order) == {"allocated": 1, "backordered": 2}

    await service.ship(at(order, "north")["id"])
    await service.until(order_id, lambda o: o["totals"]["captured"] == 1500)
    await service.receive("east", sku, 1)
    await service.until(order_id, lambda o: quantities(o) == {"shipped": 1, "allocated": 1, "backordered": 1})
    await service.receive("north", sku, 5)
    await service.until(order_id, lambda o: quantities(o) == {"shipped": 1, "allocated": 2})
    await service.deliver(order_id)
    order = await service.paid(order_id)

    assert (await service.books(order_id))[0] == ("authorize", 3500, "succeeded")
    assert order["totals"]["captured"] == 3500
    assert await service.level("north", sku) == (4, 0)


async def test_a_receipt_is_given_to_the_waiting_line_before_anyone_can_get_it(service: World) -> None:
    sku = await service.sku()
    waiting = await service.place((sku, 3))
    await service.until(waiting, "awaiting_stock")

    answer = await service.receive("north", sku, 3)
    assert (answer["on_hand"], answer["reserved"], answer["available"]) == (3, 3, 0)
    late = await service.place((sku, 1))

    await service.until(late, "awaiting_stock")
    order = await service.until(waiting, "in_fulfillment")
    assert quantities(order) == {"allocated": 3}


async def test_the_oldest_promise_is_served_first_whoever_came_first(service: World) -> None:
    sku = await service.sku()
    late = await service.place((sku, 2), deliver_by="2031-05-02T12:00:00Z")
    await service.until(late, "awaiting_stock")
    early = await service.place((sku, 2), deliver_by="2031-05-01T12:00:00Z")
    await service.until(early, "awaiting_stock")

    await service.receive("north", sku, 3)

    await service.until(early, lambda o: quantities(o) == {"allocated": 2})
    await service.until(late, lambda o: quantities(o) == {"allocated": 1, "backordered": 1})


async def test_stock_that_a_cancel_releases_serves_the_order_that_waits(service: World) -> None:
    sku = await service.sku(north=2)
    holder = await service.place((sku, 2))
    await service.until(holder, "in_fulfillment")
    waiting = await service.place((sku, 2))
    await service.until(waiting, "awaiting_stock")

    await service.cancel(holder)

    order = await service.until(waiting, "in_fulfillment")
    assert quantities(order) == {"allocated": 2}
    assert await service.level("north", sku) == (2, 2)
    await service.paid(holder, "voided")
    assert (await service.order(holder))["status"] == "cancelled"


async def test_waiting_units_are_cancelled_first_and_give_way_to_the_next_in_line(service: World) -> None:
    sku = await service.sku(north=1)
    first = await service.place((sku, 3))
    await service.until(first, lambda o: quantities(o) == {"allocated": 1, "backordered": 2})
    second = await service.place((sku, 1))
    await service.until(second, "awaiting_stock")

    order = await service.cancel(first, ("1", 2))
    assert quantities(order) == {"allocated": 1, "cancelled": 2}
    await service.receive("south", sku, 1)

    await service.until(second, "in_fulfillment")
    assert quantities(await service.order(first)) == {"allocated": 1, "cancelled": 2}


async def test_a_count_that_finds_more_serves_those_who_wait(service: World) -> None:
    sku = await service.sku()
    order_id = await service.place((sku, 2))
    await service.until(order_id, "awaiting_stock")

    await service.count("east", sku, 2)

    order = await service.until(order_id, "in_fulfillment")
    assert at(order, "east")["lines"][0]["quantity"] == 2


async def test_a_cancel_that_frees_units_at_two_locations_serves_one_waiting_order_after_the_other(
    service: World,
) -> None:
    sku = await service.sku(north=2, south=2)
    first = await service.place((sku, 4))
    await service.until(first, "in_fulfillment")
    second = await service.place((sku, 2))
    await service.until(second, "awaiting_stock")
    third = await service.place((sku, 2))
    await service.until(third, "awaiting_stock")

    await service.cancel(first)

    for order_id in (second, third):
        order = await service.until(order_id, "in_fulfillment")
        assert quantities(order) == {"allocated": 2}
        assert (await service.history(order_id)).count("line.supplied") == 1
    assert [await service.level(place, sku) for place in ("north", "south")] == [(2, 2), (2, 2)]
