"""Orders that a person routes: ranked suggestions, and allocations that hold."""

from tests.allocating import allocate, by_hand, decisions, suggestions
from tests.passages import ARRIVED_BY, PAID, PAID_BY, SENT_BY
from tests.world import World, at, quantities


async def test_a_manual_order_waits_for_a_person_and_lives_on_as_any_other(service: World) -> None:
    sku = await service.sku(north=3, south=3)
    order_id = await by_hand(service, (sku, 2))
    waiting = await service.get("ops", f"/v1/orders?routing=manual&status=routing&sku={sku}")
    assert [one["id"] for one in waiting["data"]] == [order_id]
    assert await decisions(service, order_id) == []

    order = await allocate(service, order_id, {"south": [("1", 2)]}, reason="the newer batch")

    assert quantities(order) == {"allocated": 2}
    (decision,) = await decisions(service, order_id)
    assert (decision["n"], decision["policy"]) == (1, "manual")
    record = decision["record"]
    assert record["manual"] == {
        "by": "ops:test-ops",
        "reason": "the newer batch",
        "overridden": [],
        "rules": [],
    }
    assert record["shipments"][0]["cost"] == 100 + 500 + 100 == record["objective"]
    number = await service.ship(at(order, "south")["id"])
    await service.paid(order_id)
    await service.scan(number, "delivered")
    order = await service.close(order_id)
    assert quantities(order) == {"delivered": 2}
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("fulfillment.created", "ops:test-ops"),
        ("order.allocated", "ops:test-ops"),
        *SENT_BY,
        *ARRIVED_BY,
        ("order.closed", "process"),
    ]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert await service.movements(sku) == [
        ("north", "count", 3, 0),
        ("south", "count", 3, 0),
        ("south", "reserved", 0, 2),
        ("south", "shipped", -2, -2),
    ]
    assert await service.levels(sku) == {"north": (3, 0), "south": (1, 0)}
    assert (await service.get("ops", f"/v1/orders?routing=manual&status=routing&sku={sku}"))["data"] == []


async def test_suggestions_are_ranked_and_can_be_posted_as_they_are(service: World) -> None:
    near = await service.location(lat=39.0, lng=-100.0, handling_cost=10)
    one, two = await service.sku(north=5, south=5), await service.sku(south=5, **{near: 5})
    order_id = await by_hand(service, (one, 1), (two, 1))

    offered = await suggestions(service, order_id)

    ranked = offered["suggestions"]
    assert [offer["rank"] for offer in ranked] == list(range(1, len(ranked) + 1))
    assert [offer["total_cost"] for offer in ranked] == sorted(offer["total_cost"] for offer in ranked)
    assert [part["location_id"] for part in ranked[0]["allocations"]] == ["south"]
    assert len({str(offer["allocations"]) for offer in ranked}) == len(ranked)
    standing = {place["location_id"]: place for place in offered["locations"]}
    assert standing["south"]["lacks"] == []
    assert standing[near]["lacks"] == [{"sku": one, "quantity": 1}]
    assert standing["east"]["rule"] == "no_stock"
    order = await service.post(
        "ops", f"/v1/orders/{order_id}/allocate", {"allocations": ranked[0]["allocations"]}
    )
    assert quantities(order) == quantities(order, 1) == {"allocated": 1}
    assert (await suggestions(service, order_id))["suggestions"] == []
    history = [*PAID, "fulfillment.created", "order.allocated"]
    assert await service.history(order_id) == history
    assert await service.books(order_id) == [("authorize", 2500, "succeeded")]
    assert (await service.movements(one))[2:] == [("south", "reserved", 0, 1)]
    assert (await service.movements(two))[2:] == [("south", "reserved", 0, 1)]
    assert await service.levels(one) == {"north": (5, 0), "south": (5, 1)}
    assert await service.levels(two) == {"south": (5, 1), near: (5, 0)}


async def test_what_is_not_allocated_stays_pending_until_it_is(service: World) -> None:
    sku = await service.sku(north=2, south=2)
    order_id = await by_hand(service, (sku, 3))

    order = await allocate(service, order_id, {"north": [("1", 2)]})

    assert quantities(order) == {"pending": 1, "allocated": 2}
    assert (await service.until(order_id, "routing"))["id"] == order_id
    order = await allocate(service, order_id, {"south": [("1", 1)]})
    assert quantities(order) == {"allocated": 3}
    assert [one["n"] for one in await decisions(service, order_id)] == [1, 2]
    await service.cancel(order_id)
    assert await service.level("north", sku) == await service.level("south", sku) == (2, 0)
    await service.paid(order_id, "voided")


async def test_a_repeat_under_the_same_key_allocates_once(service: World) -> None:
    sku = await service.sku(north=5)
    order_id = await by_hand(service, (sku, 2))
    body = {"allocations": [{"location_id": "north", "lines": [{"line_id": "1", "quantity": 1}]}]}
    path = f"/v1/orders/{order_id}/allocate"

    first = await service.post("ops", path, body, key=f"once-{order_id}")
    again = await service.post("ops", path, body, key=f"once-{order_id}")

    assert first == again
    assert await service.level("north", sku) == (5, 1)


async def test_what_a_location_gives_back_waits_for_the_person_again(service: World) -> None:
    sku = await service.sku(north=3, south=3)
    order_id = await by_hand(service, (sku, 3))
    order = await allocate(service, order_id, {"north": [("1", 3)]})
    work = at(order, "north")["id"]

    await service.step(work, "pick", {"lines": [{"line_id": "1", "quantity": 2}]})
    order = await service.order(order_id)
    assert quantities(order) == {"pending": 1, "allocated": 2}
    await service.step(work, "reject", {"reason": "roof leaks"})

    order = await service.order(order_id)
    assert (order["status"], quantities(order)) == ("routing", {"pending": 3})
    offered = await suggestions(service, order_id)
    assert [one["allocations"][0]["location_id"] for one in offered["suggestions"]] == ["south"]
    assert len(await decisions(service, order_id)) == 1
    order = await allocate(service, order_id, {"south": [("1", 3)]})
    assert quantities(order) == {"allocated": 3}
    assert await service.level("north", sku) == (2, 0)


async def test_an_order_that_no_location_is_left_for_is_answered_by_an_allocation(service: World) -> None:
    sku = await service.sku(north=2)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "north"}
    order_id = await service.place((sku, 1), delivery=delivery)
    order = await service.until(order_id, "in_fulfillment")
    await service.step(at(order, "north")["id"], "reject", {"reason": "no"})
    order = await service.until(order_id, lambda o: "attention" in o)
    assert order["attention"]["reason"] == "no_location_left"

    order = await allocate(service, order_id, {"north": [("1", 1)]}, reason="they will do it now")

    assert "attention" not in order
    assert order["status"] == "in_fulfillment"
    work = at(order, "north")["id"]
    await service.step(work, "ready")
    await service.step(work, "collect")
    await service.close(order_id)
    assert await service.level("north", sku) == (1, 0)


async def test_units_that_wait_for_stock_can_be_allocated_where_nobody_looked(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 3))
    await service.until(order_id, lambda o: quantities(o) == {"allocated": 1, "backordered": 2})
    opened_since = await service.location()
    await service.count(opened_since, sku, 5)
    assert quantities(await service.order(order_id))["backordered"] == 2

    order = await allocate(service, order_id, {opened_since: [("1", 1)]})

    assert quantities(order) == {"allocated": 2, "backordered": 1}
    await service.receive("east", sku, 1)
    order = await service.until(order_id, lambda o: quantities(o) == {"allocated": 3})
    assert await service.level(opened_since, sku) == (5, 1)
    assert at(order, "east")["lines"][0]["quantity"] == 1


async def test_cancelling_a_pending_unit_lets_go_of_no_other_lines_stock(service: World) -> None:
    one, two = await service.sku(), await service.sku()
    order_id = await service.place((one, 1), (two, 2))
    await service.until(order_id, "awaiting_stock")
    hold = {"type": "fraud", "reason": "looks odd", "blocks": ["routing"]}
    placed = await service.post("ops", f"/v1/orders/{order_id}/holds", hold, status=201)
    await service.receive("north", one, 1)
    await service.receive("south", two, 2)

    await service.cancel(order_id, ("2", 1))

    assert await service.level("north", one) == (1, 1)
    assert await service.level("south", two) == (2, 1)
    headers = {"Authorization": f"Bearer {service.keys['ops']}"}
    await service.http.delete(f"/v1/orders/{order_id}/holds/{placed['id']}", headers=headers)
    order = await service.until(order_id, "in_fulfillment")
    assert (quantities(order), quantities(order, 1)) == ({"allocated": 1}, {"allocated": 1, "cancelled": 1})
    assert await service.level("south", two) == (2, 1)
