"""What is not taken back, and returns that are called off."""

from tests.passages import DELIVERED
from tests.returning import ask_back, delivered, ended, inspect, receive, refunded
from tests.world import World, at, sent_by


async def test_more_than_was_delivered_is_not_taken_back(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))

    refused = await ask_back(service, order_id, ("1", 3), status=409)

    assert refused["type"] == "/problems/not-returnable"
    assert "2 units of line 1 can be returned" in refused["detail"]
    assert (await service.order(order_id))["returns"] == []


async def test_what_has_not_arrived_cannot_be_sent_back(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    await ask_back(service, order_id, ("1", 1), status=409)
    await service.ship(at(order, "north")["id"])

    refused = await ask_back(service, order_id, ("1", 1), status=409)

    assert refused["type"] == "/problems/not-returnable"


async def test_a_unit_is_asked_back_once(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    first = (await ask_back(service, order_id, ("1", 1)))["id"]
    second = (await ask_back(service, order_id, ("1", 1)))["id"]

    await ask_back(service, order_id, ("1", 1), status=409)
    await receive(service, first, "north", ("1", 1))
    await ask_back(service, order_id, ("1", 1), status=409)

    assert [one["id"] for one in (await service.order(order_id))["returns"]] == [first, second]


async def test_lines_that_are_not_there_or_there_twice_are_refused(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))

    unknown = await ask_back(service, order_id, ("1", 1), ("9", 1), status=422)
    twice = await ask_back(service, order_id, ("1", 1), ("1", 1), status=422)

    assert unknown["errors"][0]["pointer"] == "/lines/1/line_id"
    assert twice["errors"][0]["pointer"] == "/lines/1/line_id"
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    await receive(service, name, "north", ("9", 1), status=422)
    await receive(service, name, "nowhere", ("1", 1), status=422)
    await inspect(service, name, ("9", 1, "scrap"), status=422)


async def test_no_more_comes_in_than_was_asked_and_no_more_is_inspected_than_came_in(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await delivered(service, (sku, 3))
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    await inspect(service, name, ("1", 1, "restock"), status=409)

    await receive(service, name, "north", ("1", 3), status=409)
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "restock"), ("1", 1, "scrap"), status=409)
    await inspect(service, name, ("1", 1, "restock"))
    refused = await inspect(service, name, ("1", 1, "scrap"), status=409)

    assert refused["type"] == "/problems/not-received"
    assert await service.level("north", sku) == (1, 0)
    order = await refunded(service, order_id, 1000)
    assert order["returns"][0]["status"] == "partially_received"


async def test_a_location_that_is_closed_takes_nothing_in(service: World) -> None:
    sku = await service.sku(north=1)
    closed = await service.location(active=False)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1)))["id"]

    await receive(service, name, closed, ("1", 1), status=409)

    assert (await service.get("ops", f"/v1/returns/{name}"))["status"] == "requested"


async def test_what_has_come_in_cannot_be_called_off(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    await receive(service, name, "north", ("1", 1))

    await service.post("ops", f"/v1/returns/{name}/cancel", {}, status=409)
    await service.post("ops", f"/v1/returns/{name}/reject", {"reason": "worn"}, status=409)

    assert (await service.get("ops", f"/v1/returns/{name}"))["status"] == "partially_received"


async def test_after_the_close_nothing_can_be_sent_back(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    await service.close(order_id)

    refused = await ask_back(service, order_id, ("1", 1), status=409)

    assert refused["type"] == "/problems/return-window-over"


async def test_a_return_is_called_off_and_its_units_can_be_asked_back_again(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1)))["id"]

    over = await service.post("storefront", f"/v1/returns/{name}/cancel", {"reason": "it fits"})

    assert over["status"] == "cancelled"
    assert over["ended_at"] is not None
    await service.post("storefront", f"/v1/returns/{name}/cancel", {}, status=409)
    await receive(service, name, "north", ("1", 1), status=409)
    await ended(service, name)
    await ask_back(service, order_id, ("1", 1))
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events[len(DELIVERED) :]] == [
        ("return.requested", "storefront:test-storefront"),
        ("return.cancelled", "storefront:test-storefront"),
        ("return.requested", "storefront:test-storefront"),
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_a_return_is_rejected_by_a_person_with_a_reason(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1)))["id"]

    reason = {"reason": "worn"}
    await service.post("storefront", f"/v1/returns/{name}/reject", reason, status=403)
    over = await service.post("ops", f"/v1/returns/{name}/reject", reason)

    assert over["status"] == "rejected"
    event = (await service.events(order_id))[-1]
    assert (event["type"], event["actor"]) == ("return.rejected", "ops:test-ops")
    assert event["data"] == {"return_id": name, "reason": "worn"}
    await service.close(order_id)


async def test_a_locations_key_sees_to_what_comes_in_at_its_own_place_only(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    name = (await ask_back(service, order_id, ("1", 2)))["id"]

    await receive(service, name, "south", ("1", 1), role="location", status=403)
    await receive(service, name, "south", ("1", 1), role="storefront", status=403)
    await receive(service, name, "south", ("1", 1))
    await receive(service, name, "north", ("1", 1), role="location")
    await inspect(service, name, ("1", 2, "restock"), role="location", status=409)
    await inspect(service, name, ("1", 1, "restock"), role="location")

    assert await service.level("north", sku) == (1, 0)
    events = await service.events(order_id)
    (inspected,) = [one for one in events if one["type"] == "return.inspected"]
    assert inspected["actor"] == "location:test-location"
    assert inspected["data"]["lines"][0]["location_id"] == "north"
