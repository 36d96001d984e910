"""A truthful count always succeeds; promises that it breaks are taken back, the latest first."""

from datetime import UTC, datetime, timedelta

from tests.passages import PAID, PAID_BY
from tests.world import World, at, quantities


async def test_a_count_below_what_is_promised_routes_the_latest_promise_again(service: World) -> None:
    sku = await service.sku(north=2)
    first = await service.place((sku, 1))
    await service.until(first, "in_fulfillment")
    second = await service.place((sku, 1))
    order = await service.until(second, "in_fulfillment")
    displaced = at(order, "north")["id"]
    await service.receive("south", sku, 1)

    level = await service.count("north", sku, 1)

    assert (level["on_hand"], level["reserved"]) == (1, 1)
    order = await service.until(second, lambda o: len(o["fulfillments"]) == 2)
    assert at(order, "south")["lines"][0]["quantity"] == 1
    late = {"carrier": "ups", "tracking_number": "X-1"}
    assert "put back" in (await service.step(displaced, "ship", late, status=409))["detail"]
    assert quantities(await service.order(first)) == {"allocated": 1}
    events = await service.events(second)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("fulfillment.created", "process"),
        ("fulfillment.cancelled", "ops:test-ops"),
        ("line.displaced", "ops:test-ops"),
        ("fulfillment.created", "process"),
    ]
    assert await service.history(first) == [*PAID, "fulfillment.created"]
    for order_id in (first, second):
        assert await service.books(order_id) == [("authorize", 1500, "succeeded")]
    assert await service.movements(sku) == [
        ("north", "count", 2, 0),
        ("north", "reserved", 0, 1),
        ("north", "reserved", 0, 1),
        ("south", "adjustment: receipt", 1, 0),
        ("north", "withdrawn", 0, -1),
        ("north", "count", -1, 0),
        ("south", "reserved", 0, 1),
    ]
    assert await service.levels(sku) == {"north": (1, 1), "south": (1, 1)}


async def test_the_promise_that_the_customer_was_given_decides_who_is_displaced(service: World) -> None:
    sku = await service.sku(north=2)
    late = await service.place((sku, 1), deliver_by="2031-05-09T12:00:00Z")
    await service.until(late, "in_fulfillment")
    early = await service.place((sku, 1), deliver_by="2031-05-01T12:00:00Z")
    await service.until(early, "in_fulfillment")

    await service.count("north", sku, 1)

    await service.until(late, "awaiting_stock")
    assert quantities(await service.order(early)) == {"allocated": 1}


async def test_a_count_of_nothing_takes_every_promise_back(service: World) -> None:
    sku = await service.sku(north=3)
    orders = [await service.place((sku, 1)) for _ in range(3)]
    for order_id in orders:
        await service.until(order_id, "in_fulfillment")

    await service.count("north", sku, 0)

    for order_id in orders:
        await service.until(order_id, "awaiting_stock")
    assert await service.level("north", sku) == (0, 0)
    await service.receive("east", sku, 3)
    for order_id in orders:
        await service.until(order_id, "in_fulfillment")
    assert await service.level("east", sku) == (3, 3)


async def test_a_count_that_is_older_than_the_last_one_changes_nothing(service: World) -> None:
    sku = await service.sku(north=5)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)

    level = await service.count("north", sku, 99, hour_ago)

    assert level["on_hand"] == 5


async def test_what_moved_since_a_count_was_made_is_kept(service: World) -> None:
    sku = await service.sku(north=5)
    counted_at = datetime.now(UTC)
    await service.receive("north", sku, 3)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    await service.ship(at(order, "north")["id"])

    level = await service.count("north", sku, 6, counted_at)

    assert level["on_hand"] == 6 + 3 - 2


async def test_a_count_in_the_future_is_refused(service: World) -> None:
    sku = await service.sku(north=1)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    headers = {"Authorization": f"Bearer {service.keys['ops']}"}

    answer = await service.http.put(
        f"/v1/inventory/north/{sku}", json={"on_hand": 2, "as_of": tomorrow}, headers=headers
    )

    assert answer.status_code == 422
    assert await service.level("north", sku) == (1, 0)


async def test_more_than_is_there_cannot_be_booked_out(service: World) -> None:
    sku = await service.sku(north=1)
    body = {"location_id": "north", "sku": sku, "delta": -2, "reason": "damage"}

    await service.post("ops", "/v1/inventory/adjustments", body, status=409)

    assert await service.level("north", sku) == (1, 0)


async def test_units_booked_out_from_under_a_promise_displace_it(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    body = {"location_id": "north", "sku": sku, "delta": -1, "reason": "damage"}

    await service.post("ops", "/v1/inventory/adjustments", body)

    order = await service.until(order_id, "awaiting_stock")
    assert order["fulfillments"][0]["status"] == "cancelled"


async def test_a_location_that_found_too_little_serves_again_when_it_gets_more(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    first = at(order, "north")["id"]
    await service.step(first, "pick", {"lines": [{"line_id": "1", "quantity": 1}]})
    await service.until(order_id, lambda o: quantities(o) == {"allocated": 1, "backordered": 1})

    await service.receive("north", sku, 3)

    order = await service.until(order_id, lambda o: quantities(o) == {"allocated": 2})
    assert [work["location_id"] for work in order["fulfillments"]] == ["north", "north"]
    assert await service.level("north", sku) == (4, 2)
    history = await service.history(order_id)
    assert history.index("fulfillment.short_picked") < history.index("line.supplied")
