"""Cancelling at any moment before shipping: money back, stock back, and the late location is told."""

import pytest

from tests.world import World, at, quantities


async def test_an_order_cancelled_at_once_never_ships(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))

    order = await service.cancel(order_id)

    assert order["status"] == "cancelled"
    await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert await service.level("north", sku) == (1, 0)
    books = await service.books(order_id)
    assert books in ([], [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")])


@pytest.mark.parametrize("steps", [(), ("accept",), ("accept", "pick"), ("accept", "pick", "pack")])
async def test_a_cancel_before_shipping_gives_money_and_stock_back(
    service: World, steps: tuple[str, ...]
) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    for step in steps:
        await service.step(work, step)

    await service.cancel(order_id)
    late = await service.step(work, "ship", {"carrier": "ups", "tracking_number": "LATE-1"}, status=409)

    assert "put back" in late["detail"]
    order = await service.paid(order_id, "voided")
    assert order["status"] == "cancelled"
    assert order["fulfillments"][0]["status"] == "cancelled"
    assert quantities(order) == {"cancelled": 2}
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("void", 2500, "succeeded")]
    assert await service.level("north", sku) == (2, 0)
    await service.until(order_id, lambda o: o["closed_at"] is not None)


async def test_one_unit_less_is_refused_by_the_short_form_until_the_location_looked(service: World) -> None:
    sku = await service.sku(north=3)
    lines = [{"sku": sku, "quantity": 3, "unit_price": 333}]
    order_id = await service.place(lines=lines, shipping_price=500, tax=1)
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    await service.step(work, "accept")

    order = await service.cancel(order_id, ("1", 1))
    assert quantities(order) == {"allocated": 2, "cancelled": 1}
    body = {"carrier": "ups", "tracking_number": "SHORT-1"}
    refused = await service.step(work, "ship", body, status=409)
    assert refused["type"].endswith("fulfillment-changed")
    assert await service.level("north", sku) == (3, 2)
    await service.step(work, "accept")
    await service.ship(work)
    order = await service.paid(order_id)

    assert quantities(order) == {"shipped": 2, "cancelled": 1}
    assert order["totals"]["captured"] == 500 + 667
    assert await service.books(order_id) == [
        ("authorize", 1500, "succeeded"),
        ("capture", 1167, "succeeded"),
        ("void", 333, "succeeded"),
    ]
    assert await service.level("north", sku) == (1, 0)


async def test_a_change_after_a_part_shipped_can_be_taken_note_of(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    await service.step(work, "accept")
    part = {"carrier": "ups", "tracking_number": f"A-{sku}", "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(work, "ship", {"parcels": [part]})
    await service.cancel(order_id, ("1", 1))
    body = {"carrier": "ups", "tracking_number": f"B-{sku}"}
    await service.step(work, "ship", body, status=409)

    await service.step(work, "accept")
    await service.step(work, "ship", body)

    order = await service.paid(order_id)
    assert quantities(order) == {"shipped": 2, "cancelled": 1}
    assert order["totals"]["captured"] == 2500
    assert await service.level("north", sku) == (1, 0)


async def test_the_rest_of_a_part_that_shipped_can_be_cancelled(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    part = {"carrier": "ups", "tracking_number": f"P-{sku}", "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(work, "ship", {"parcels": [part]})
    await service.scan(f"P-{sku}", "delivered")

    await service.cancel(order_id)

    order = await service.paid(order_id)
    assert order["status"] == "delivered"
    assert order["fulfillments"][0]["status"] == "delivered"
    assert quantities(order) == {"delivered": 1, "cancelled": 2}
    assert [(k, a) for k, a, _ in await service.books(order_id)] == [
        ("authorize", 3500),
        ("capture", 1500),
        ("void", 2000),
    ]
    assert await service.level("north", sku) == (2, 0)


async def test_a_cancel_after_shipping_is_refused_and_changes_nothing(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    await service.ship(at(order, "north")["id"])

    refused = await service.cancel(order_id, status=409)

    assert refused["type"].endswith("nothing-to-cancel")
    await service.cancel(order_id, ("1", 1), status=409)
    order = await service.paid(order_id)
    assert quantities(order) == {"shipped": 1}


async def test_cancelling_lines_is_all_or_nothing(service: World) -> None:
    sku, other = await service.sku(north=2), await service.sku(north=2)
    order_id = await service.place((sku, 2), (other, 2))
    await service.until(order_id, "in_fulfillment")

    await service.cancel(order_id, ("1", 1), ("2", 3), status=409)
    await service.cancel(order_id, ("1", 1), ("3", 1), status=422)

    order = await service.order(order_id)
    assert [quantities(order, line) for line in (0, 1)] == [{"allocated": 2}, {"allocated": 2}]


async def test_a_second_cancel_finds_nothing_and_a_repeated_one_answers_the_same(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    path, body = f"/v1/orders/{order_id}/cancel", {"reason": "twice"}

    first = await service.post("ops", path, body, key=f"twice-{order_id}")
    again = await service.post("ops", path, body, key=f"twice-{order_id}")

    assert again == first
    await service.post("ops", path, body, status=409)
    await service.post("ops", path, {"reason": "other"}, key=f"twice-{order_id}", status=422)
