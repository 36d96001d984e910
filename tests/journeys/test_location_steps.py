"""What locations do with the work they are asked for."""

from tests.passages import PAID, PAID_BY, SENT, SENT_BY
from tests.world import World, at, quantities


async def test_rejected_work_is_routed_again_without_that_location(service: World) -> None:
    sku = await service.sku(north=2, south=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    (work,) = order["fulfillments"]
    first = work["location_id"]
    second = {"north": "south", "south": "north"}[first]

    rejected = await service.step(work["id"], "reject", {"reason": "roof leaks"})
    assert rejected["status"] == "rejected"
    order = await service.until(order_id, lambda o: len(o["fulfillments"]) == 2)

    assert at(order, second)["status"] == "open"
    assert quantities(order) == {"allocated": 2}
    assert await service.level(first, sku) == (2, 0)
    assert await service.level(second, sku) == (2, 2)
    decisions = (await service.get("ops", f"/v1/orders/{order_id}/routing"))["data"]
    verdicts = {one["location_id"]: one for one in decisions[1]["record"]["verdicts"]}
    assert verdicts[first]["rule"] == "excluded_by_policy"
    assert await service.step(work["id"], "reject", {"reason": "roof leaks"}) == rejected
    await service.step(work["id"], "accept", status=409)
    await service.ship(at(order, second)["id"])
    await service.paid(order_id)
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("fulfillment.created", "process"),
        ("fulfillment.rejected", "ops:test-ops"),
        ("fulfillment.created", "process"),
        *SENT_BY,
    ]
    assert [one["data"].get("reason") for one in events].count("roof leaks") == 1
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert (await service.movements(sku))[2:] == [
        (first, "reserved", 0, 2),
        (first, "rejected", 0, -2),
        (second, "reserved", 0, 2),
        (second, "shipped", -2, -2),
    ]
    assert await service.levels(sku) == {first: (2, 0), second: (0, 0)}


async def test_work_that_everyone_rejects_waits(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")

    await service.step(at(order, "north")["id"], "reject", {"reason": "no"})
    await service.until(order_id, "awaiting_stock")
    await service.receive("south", sku, 1)

    order = await service.until(order_id, "in_fulfillment")
    assert at(order, "south")["status"] == "open"
    assert await service.level("north", sku) == (1, 0)


async def test_a_short_pick_corrects_the_count_and_routes_the_rest(service: World) -> None:
    sku = await service.sku(north=3, east=3)
    order_id = await service.place((sku, 3))
    order = await service.until(order_id, "in_fulfillment")
    (work,) = order["fulfillments"]
    first = work["location_id"]
    second = {"north": "east", "east": "north"}[first]
    await service.step(work["id"], "accept")

    found = {"lines": [{"line_id": "1", "quantity": 2}]}
    picked = await service.step(work["id"], "pick", found)
    assert picked["lines"][0]["quantity"] == 2
    order = await service.until(order_id, lambda o: len(o["fulfillments"]) == 2)

    assert await service.level(first, sku) == (2, 2)
    assert await service.level(second, sku) == (3, 1)
    assert at(order, second)["lines"][0]["quantity"] == 1
    assert (await service.step(work["id"], "pick", found))["status"] == "picking"
    await service.ship(work["id"])
    await service.until(order_id, lambda o: o["totals"]["captured"] == 2500)
    await service.ship(at(order, second)["id"])
    order = await service.paid(order_id)
    assert quantities(order) == {"shipped": 3}
    assert await service.history(order_id) == [
        *PAID,
        "fulfillment.created",
        "fulfillment.accepted",
        "fulfillment.picked",
        "fulfillment.short_picked",
        "fulfillment.created",
        *SENT,
        *SENT,
    ]
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 2500, "succeeded"),
        ("capture", 1000, "succeeded"),
    ]
    assert (await service.movements(sku))[2:] == [
        (first, "reserved", 0, 3),
        (first, "short pick", -1, -1),
        (second, "reserved", 0, 1),
        (first, "shipped", -2, -2),
        (second, "shipped", -1, -1),
    ]
    assert await service.levels(sku) == {first: (0, 0), second: (2, 0)}


async def test_a_location_that_finds_nothing_is_left_out(service: World) -> None:
    sku = await service.sku(north=2, south=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    (work,) = order["fulfillments"]

    none = await service.step(work["id"], "pick", {"lines": [{"line_id": "1", "quantity": 0}]})
    order = await service.until(order_id, lambda o: len(o["fulfillments"]) == 2)

    assert none["status"] == "cancelled"
    assert order["fulfillments"][1]["location_id"] != work["location_id"]
    assert await service.level(work["location_id"], sku) == (0, 0)


async def test_two_parcels_in_one_step_each_deliver_their_own_units(service: World) -> None:
    sku, other = await service.sku(north=2), await service.sku(north=1)
    order_id = await service.place((sku, 2), (other, 1))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    parcels = [
        {"carrier": "ups", "tracking_number": f"1-{sku}", "lines": [{"line_id": "1", "quantity": 2}]},
        {"carrier": "dhl", "tracking_number": f"2-{sku}", "lines": [{"line_id": "2", "quantity": 1}]},
    ]

    shipped = await service.step(work, "ship", {"parcels": parcels})
    assert shipped["status"] == "shipped"
    await service.scan(f"1-{sku}", "delivered")
    order = await service.order(order_id)
    assert (order["status"], order["fulfillments"][0]["status"]) == (
        "partially_delivered",
        "partially_delivered",
    )
    await service.scan(f"2-{sku}", "delivered")

    order = await service.until(order_id, "delivered")
    assert order["fulfillments"][0]["status"] == "delivered"
    await service.paid(order_id)
    assert [kind for kind, _, _ in await service.books(order_id)] == ["authorize", "capture"]


async def test_two_ship_steps_are_paid_each(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    part = {"carrier": "ups", "tracking_number": f"1-{sku}", "lines": [{"line_id": "1", "quantity": 1}]}

    shipped = await service.step(work, "ship", {"parcels": [part]})
    assert shipped["status"] == "partially_shipped"
    assert (await service.order(order_id))["status"] == "partially_shipped"
    await service.until(order_id, lambda o: o["totals"]["captured"] == 1500)
    assert await service.level("north", sku) == (2, 2)
    again = await service.step(work, "ship", {"parcels": [part]})
    assert again["status"] == "partially_shipped"
    await service.step(work, "reject", {"reason": "too late"}, status=409)
    await service.ship(work)

    order = await service.paid(order_id)
    assert [(k, a) for k, a, _ in await service.books(order_id)] == [
        ("authorize", 3500),
        ("capture", 1500),
        ("capture", 2000),
    ]
    assert quantities(order) == {"shipped": 3}


async def test_more_than_is_asked_for_cannot_ship(service: World) -> None:
    sku = await service.sku(north=5)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    part = {"carrier": "ups", "tracking_number": f"1-{sku}", "lines": [{"line_id": "1", "quantity": 3}]}

    await service.step(work, "ship", {"parcels": [part]}, status=409)
    await service.step(work, "ship", {"version": 7, "carrier": "ups", "tracking_number": "X"}, status=409)
    await service.step(work, "pick", {"lines": [{"line_id": "9", "quantity": 1}]}, status=422)

    assert await service.level("north", sku) == (5, 2)


async def test_steps_that_hold_change_nothing_and_steps_that_cannot_follow_are_refused(
    service: World,
) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]

    for step in ("accept", "pick", "pack"):
        first = await service.step(work, step)
        assert await service.step(work, step) == first
    number = await service.ship(work)
    await service.step(work, "ship", {"carrier": "ups", "tracking_number": number})
    for step in ("accept", "pick", "pack", "ready", "collect"):
        await service.step(work, step, status=409)
    await service.step(work, "reject", {"reason": "late"}, status=409)

    history = await service.history(order_id)
    assert len([one for one in history if one.startswith("fulfillment.")]) == 5


async def test_a_location_sees_its_own_work_only(service: World) -> None:
    sku, other = await service.sku(north=1), await service.sku(south=1)
    order_id = await service.place((sku, 1), (other, 1))
    order = await service.until(order_id, "in_fulfillment")

    mine = await service.get("location", "/v1/fulfillments?status=open&limit=200")

    assert at(order, "north")["id"] in {one["id"] for one in mine["data"]}
    assert {one["location_id"] for one in mine["data"]} == {"north"}
    await service.get("location", f"/v1/fulfillments/{at(order, 'south')['id']}", status=404)
    await service.post("location", f"/v1/fulfillments/{at(order, 'south')['id']}/accept", status=404)
    await service.post("location", f"/v1/fulfillments/{at(order, 'north')['id']}/accept")
