"""Changes after the order was placed: a preview first, then all of it or nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.world import World, at, quantities

DENVER = {
    "name": "Ada Field",
    "line1": "9 Side Street",
    "city": "Denver",
    "region": "CO",
    "postal_code": "80202",
    "country": "US",
    "lat": 35.0,
    "lng": -100.0,
}


async def draft(service: World, order_id: str, *, status: int = 201, **change: Any) -> dict[str, Any]:
    body = {"reason": "the customer called"} | change
    return await service.post("storefront", f"/v1/orders/{order_id}/changes", body, status=status)


async def answer(
    service: World, order_id: str, change: dict[str, Any], step: str, *, status: int = 200
) -> dict[str, Any]:
    path = f"/v1/orders/{order_id}/changes/{change['id']}/{step}"
    return await service.post("storefront", path, None, status=status)


async def test_fewer_units_are_previewed_and_then_cut(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3))
    await service.until(order_id, "in_fulfillment")

    change = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 1}])
    assert change["preview"]["to_pay"] == {"before": 3500, "after": 1500}
    assert await service.level("north", sku) == (3, 3)
    confirmed = await answer(service, order_id, change, "confirm")

    assert (confirmed["status"], confirmed["decided_by"]) == ("confirmed", change["created_by"])
    order = await service.order(order_id)
    assert quantities(order) == {"allocated": 1, "cancelled": 2}
    totals = order["totals"]
    assert (totals["total"], totals["to_pay"], totals["held"]) == (3500, 1500, 3500)
    assert await service.level("north", sku) == (3, 1)
    await service.deliver(order_id)
    totals = (await service.close(order_id))["totals"]
    assert (totals["to_pay"], totals["held"], totals["captured"]) == (1500, 0, 1500)
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 1500, "succeeded"),
        ("void", 2000, "succeeded"),
    ]
    history = await service.history(order_id)
    assert history.index("change.drafted") < history.index("lines.cancelled") < history.index("order.changed")


async def test_a_new_address_is_routed_anew(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")

    change = await draft(service, order_id, ship_to=DENVER)
    assert change["preview"]["reroutes"]
    await answer(service, order_id, change, "confirm")

    order = await service.until(order_id, lambda o: [w["status"] for w in o["fulfillments"]][1:] == ["open"])
    assert order["ship_to"]["line1"] == "9 Side Street"
    assert await service.level("north", sku) == (1, 1)
    await service.deliver(order_id)
    await service.close(order_id)
    assert "Side Street" not in str(await service.events(order_id))
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]


async def test_what_is_packed_or_gone_goes_where_it_was_to_go(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    await service.step(work, "pack")

    packed = await draft(service, order_id, ship_to=DENVER, status=409)
    assert "is packed" in packed["detail"]
    await service.ship(work)
    gone = await draft(service, order_id, ship_to=DENVER, status=409)
    assert "on its way" in gone["detail"]
    await draft(service, order_id, lines=[{"line_id": "1", "quantity": 0}], status=409)


async def test_a_draft_of_an_order_that_has_moved_on_is_refused(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3))
    await service.until(order_id, "in_fulfillment")
    change = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 2}])
    await service.cancel(order_id, ("1", 2))

    refused = await answer(service, order_id, change, "confirm", status=409)

    assert "draft it anew" in refused["detail"]
    assert quantities(await service.order(order_id)) == {"allocated": 1, "cancelled": 2}


async def test_a_declined_or_expired_draft_changes_nothing(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    await service.until(order_id, "in_fulfillment")
    declined = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 1}])
    expired = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 1}])

    for _ in range(2):
        assert (await answer(service, order_id, declined, "decline"))["status"] == "declined"
    await answer(service, order_id, declined, "confirm", status=409)
    in_two_days = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    await service.hold(order_id, "release", expires_at=in_two_days)
    await service.skip(order_id, timedelta(hours=50))
    await answer(service, order_id, expired, "confirm", status=409)

    assert quantities(await service.order(order_id)) == {"allocated": 2}
    listed = await service.get("storefront", f"/v1/orders/{order_id}/changes")
    assert [one["id"] for one in listed["data"]] == [declined["id"], expired["id"]]


async def test_nothing_to_change_and_unknown_things_are_refused(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))

    await draft(service, order_id, status=422)
    await draft(service, order_id, lines=[{"line_id": "7", "quantity": 1}], status=422)
    await draft(service, order_id, add=[{"sku": "NOBODY", "quantity": 1, "unit_price": 1}], status=422)
    nowhere = {**DENVER, "postal_code": "0", "lat": None, "lng": None}
    await draft(service, order_id, ship_to=nowhere, status=422)
    await draft(service, order_id, lines=[{"line_id": "1", "quantity": 2}], status=409)
    address = (await service.order(order_id))["ship_to"]
    there = await draft(service, order_id, ship_to=address, status=409)
    assert there["detail"] == "the order is like that already"
    fewer = await draft(service, order_id, ship_to=address, lines=[{"line_id": "1", "quantity": 1}])
    assert not fewer["preview"]["reroutes"]


async def test_more_units_wait_until_the_money_for_them_is_set_aside_as_well(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")

    change = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 3}])
    assert change["preview"]["to_pay"] == {"before": 1500, "after": 3500}
    await answer(service, order_id, change, "confirm")

    order = await service.until(order_id, lambda o: quantities(o, 1) == {"allocated": 2})
    assert (order["payment_status"], order["totals"]["total"]) == ("authorized", 3500)
    await service.deliver(order_id)
    await service.close(order_id)
    books = await service.books(order_id)
    assert books[:2] == [("authorize", 1500, "succeeded"), ("authorize", 2000, "succeeded")]
    assert sum(amount for kind, amount, _ in books if kind == "capture") == 3500
    assert await service.level("north", sku) == (0, 0)
    history = await service.history(order_id)
    assert history.count("payment.authorized") == 2
    assert history.index("order.changed") < history.index("payment.authorized", 5)


async def test_when_the_money_for_more_is_refused_the_customer_may_do_without(service: World) -> None:
    sku = await service.sku(north=2)
    gift = {"lines": [{"sku": sku, "quantity": 1, "unit_price": 0}], "shipping_price": 0}
    order_id = await service.place((sku, 1), token="tok_declined", **gift)
    await service.until(order_id, "in_fulfillment")
    bought = await draft(service, order_id, add=[{"sku": sku, "quantity": 1, "unit_price": 900}])
    await answer(service, order_id, bought, "confirm")
    await service.told(order_id, "payment.another_needed")
    order = await service.order(order_id)
    assert (order["payment_status"], order["fulfillments"][0]["status"]) == ("declined", "planned")

    without = await draft(service, order_id, lines=[{"line_id": "2", "quantity": 0}])
    await answer(service, order_id, without, "confirm")

    order = await service.until(order_id, "in_fulfillment")
    assert quantities(order, 1) == {"cancelled": 1}
    await service.step(at(order, "north")["id"], "accept")
    await service.skip(order_id, timedelta(hours=50))
    await service.deliver(order_id)
    await service.close(order_id)
    assert await service.books(order_id) == [("authorize", 900, "declined")]
    assert await service.level("north", sku) == (1, 0)


async def test_an_order_never_comes_to_more_than_can_be_booked(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 1), routing="manual")
    most = {"sku": sku, "quantity": 1, "unit_price": 10**15}
    beyond = await draft(service, order_id, add=[{**most, "unit_price": 1}, most], status=422)
    many = await draft(service, order_id, add=[{**most, "quantity": 10_000}], status=422)
    assert [one["errors"][0]["pointer"] for one in (beyond, many)] == ["/add/1", "/add/0"]
    large = {**most, "unit_price": 6 * 10**14}
    first, second = [await draft(service, order_id, add=[large]) for _ in range(2)]

    await answer(service, order_id, first, "confirm")

    await answer(service, order_id, second, "confirm", status=409)
    more = await draft(service, order_id, lines=[{"line_id": "2", "quantity": 2}], status=422)
    assert more["errors"] == [
        {"pointer": "/lines", "message": "the order would be worth more than can be booked"}
    ]
    assert (await service.order(order_id))["totals"]["total"] == 6 * 10**14 + 1500
    await service.cancel(order_id)


async def test_what_was_set_aside_for_less_lets_nothing_leave(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 1), token="tok_3ds")
    order = await service.paid(order_id, "action_required")
    await service.crew.leave()
    try:
        change = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 2}])
        await answer(service, order_id, change, "confirm")

        await service.http.post(order["payment_action"]["url"], json={"outcome": "passed"})
        await service.told(order_id, "payment.authorized")

        assert (await service.order(order_id))["payment_status"] == "pending"
    finally:
        service.crew.come_back()
    order = await service.paid(order_id, "action_required")
    await service.http.post(order["payment_action"]["url"], json={"outcome": "passed"})
    await service.until(order_id, "in_fulfillment")
