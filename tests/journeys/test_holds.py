"""Holds: several at once, each blocks what it names, until it is lifted or its time is over."""

from datetime import UTC, datetime, timedelta

from tests.passages import PAID, PAID_BY, SENT
from tests.world import World, at, quantities, sent_by


async def test_a_hold_on_routing_keeps_the_order_from_the_dom(service: World) -> None:
    sku = await service.sku(north=0)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "awaiting_stock")
    hold = await service.hold(order_id, "routing", type="address", reason="the street does not exist")
    order = await service.until(order_id, "on_hold")
    assert [one["id"] for one in order["holds"]] == [hold["id"]]

    await service.receive("north", sku, 1)
    await service.told(order_id, "line.supplied")
    assert quantities(await service.order(order_id)) == {"pending": 1}
    await service.lift(order_id, hold["id"])

    order = await service.until(order_id, "in_fulfillment")
    assert order["holds"] == []
    history = await service.events(order_id)
    told = {one["type"]: one["actor"] for one in history if one["type"].startswith("hold.")}
    assert told == {"hold.placed": "ops:test-ops", "hold.lifted": "ops:test-ops"}


async def test_a_hold_on_release_takes_open_work_back_and_nothing_ships(service: World) -> None:
    sku = await service.sku(north=1, east=1)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    north, east = at(order, "north")["id"], at(order, "east")["id"]
    await service.step(north, "accept")

    hold = await service.hold(order_id, "release")

    order = await service.order(order_id)
    assert (at(order, "north")["status"], at(order, "east")["status"]) == ("accepted", "planned")
    kept = await service.step(east, "accept", status=409)
    assert kept["type"].endswith("order-held")
    refused = await service.step(north, "ship", {"carrier": "ups", "tracking_number": f"X{sku}"}, status=409)
    assert refused["type"].endswith("order-held")
    assert await service.level("north", sku) == (1, 1)
    await service.lift(order_id, hold["id"])
    assert at(await service.order(order_id), "east")["status"] == "open"
    await service.deliver(order_id)
    await service.close(order_id)


async def test_the_time_of_a_hold_does_not_count_against_the_location(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    until = datetime.now(UTC) + timedelta(days=3)
    await service.hold(order_id, "release", expires_at=until.isoformat())

    await service.skip(order_id, timedelta(days=3, minutes=1))

    order = await service.until(order_id, "in_fulfillment")
    assert at(order, "north")["status"] == "open"
    await service.skip(order_id, timedelta(hours=23))
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("fulfillment.created", "process"),
        ("hold.placed", "ops:test-ops"),
        ("fulfillment.held", "ops:test-ops"),
        ("hold.expired", "process"),
        ("fulfillment.released", "process"),
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded")]
    assert await service.movements(sku) == [("north", "count", 1, 0), ("north", "reserved", 0, 1)]
    assert await service.levels(sku) == {"north": (1, 1)}


async def test_accepted_work_is_not_overdue_while_it_is_held_and_costs_its_process_nothing(
    service: World,
) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    await service.step(at(order, "north")["id"], "accept")
    hold = await service.hold(order_id, "release")
    await service.skip(order_id, timedelta(hours=49))
    before = (await service.process(order_id).describe()).history_length

    await service.skip(order_id, timedelta(days=2))

    assert (await service.process(order_id).describe()).history_length <= before + 10
    assert "fulfillment.overdue" not in await service.history(order_id)
    work = at(await service.order(order_id), "north")
    listed = await service.get("ops", f"/v1/fulfillments/{work['id']}")
    assert listed["overdue_at"] is None
    lifted = await service.lift(order_id, hold["id"])
    assert lifted["ended_by"] == "ops:test-ops"
    assert at(await service.order(order_id), "north")["status"] == "accepted"
    await service.cancel(order_id)


async def test_a_hold_on_capture_lets_the_parcel_go_and_the_money_wait(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    hold = await service.hold(order_id, "capture", type="billing")
    number = await service.ship(at(order, "north")["id"])
    await service.scan(number, "delivered")
    await service.until(order_id, "delivered")
    await service.skip(order_id, timedelta(days=31))
    order = await service.order(order_id)
    assert (order["totals"]["captured"], order["closed_at"]) == (0, None)

    await service.lift(order_id, hold["id"])

    order = await service.until(order_id, "completed")
    assert order["totals"]["captured"] == 1500
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]


async def test_of_several_holds_the_last_one_lifted_lets_the_order_go(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    first = await service.hold(order_id, "release", type="fraud")
    second = await service.hold(order_id, "release", "routing", type="address")

    await service.lift(order_id, first["id"])

    order = await service.order(order_id)
    assert order["status"] == "on_hold"
    assert at(order, "north")["status"] == "planned"
    lifted = await service.lift(order_id, second["id"])
    assert lifted["ended_by"] == "ops:test-ops"
    assert (await service.lift(order_id, second["id"]))["ended_at"] == lifted["ended_at"]
    order = await service.order(order_id)
    assert order["status"] == "in_fulfillment"
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    assert await service.history(order_id) == [
        *PAID,
        "fulfillment.created",
        "hold.placed",
        "fulfillment.held",
        "hold.placed",
        "hold.lifted",
        "hold.lifted",
        "fulfillment.released",
        *SENT,
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_a_held_order_can_be_cancelled_and_its_holds_end_with_it(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    await service.hold(order_id, "release", "capture", "routing")

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"], order["holds"]) == ("cancelled", "voided", [])
    assert "hold.ended" in await service.history(order_id)
    await service.hold(order_id, "release", status=409)


async def test_what_cannot_be_a_hold_is_refused(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()

    await service.hold(order_id, status=422)
    await service.hold(order_id, "delivery", status=422)
    refused = await service.hold(order_id, "release", expires_at=past, status=422)
    assert refused["errors"][0]["pointer"] == "/expires_at"
    await service.lift(order_id, "hld_of_nobody", status=404)
    await service.lift("ord_of_nobody", "hld_of_nobody", status=404)
    await service.post("storefront", f"/v1/orders/{order_id}/holds", {}, status=403)
