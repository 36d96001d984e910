"""Work that goes elsewhere: offers that nobody answers, locations that fail, and people who decide."""

from datetime import timedelta

from tests.passages import PAID, PAID_BY
from tests.world import PLACES, World, at, quantities


async def test_an_offer_that_nobody_answers_goes_to_another_location(service: World) -> None:
    sku = await service.sku(north=1, south=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    (offer,) = order["fulfillments"]
    first = offer["location_id"]
    second = {"north": "south", "south": "north"}[first]

    await service.skip(order_id, timedelta(hours=25))

    order = await service.until(order_id, lambda o: len(o["fulfillments"]) > 1 and o["status"] != "routing")
    assert [one["status"] for one in order["fulfillments"]] == ["expired", "open"]
    assert at(order, second)["status"] == "open"
    await service.step(offer["id"], "accept", status=409)
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("fulfillment.created", "process"),
        ("fulfillment.expired", "process"),
        ("fulfillment.created", "process"),
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded")]
    assert (await service.movements(sku))[2:] == [
        (first, "reserved", 0, 1),
        (first, "expired", 0, -1),
        (second, "reserved", 0, 1),
    ]
    assert await service.levels(sku) == {first: (1, 0), second: (1, 1)}


async def test_an_accepted_offer_does_not_expire(service: World) -> None:
    sku = await service.sku(north=1, south=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    (offer,) = order["fulfillments"]
    await service.step(offer["id"], "accept")

    await service.skip(order_id, timedelta(hours=47))

    order = await service.order(order_id)
    assert [one["status"] for one in order["fulfillments"]] == ["accepted"]
    await service.skip(order_id, timedelta(hours=2))
    await service.told(order_id, "fulfillment.overdue")


async def test_after_too_many_failures_a_person_is_asked_and_may_have_it_tried_again(service: World) -> None:
    places = [await service.location() for _ in range(5)]
    sku = await service.sku(north=1, **dict.fromkeys(places, 1))
    order_id = await service.place((sku, 1))
    for _ in range(5):
        order = await service.until(order_id, lambda o: any(f["status"] == "open" for f in o["fulfillments"]))
        (offer,) = [one for one in order["fulfillments"] if one["status"] == "open"]
        await service.step(offer["id"], "reject", {"reason": "no staff"})

    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "too_many_failures"
    assert quantities(order) == {"pending": 1}
    await service.attend(order_id, "skip", status=409)
    await service.attend(order_id, "retry")

    order = await service.until(order_id, "in_fulfillment")
    assert len(order["fulfillments"]) == 6
    assert await service.history(order_id) == [
        *PAID,
        *["fulfillment.created", "fulfillment.rejected"] * 5,
        "order.needs_attention",
        "order.resumed",
        "fulfillment.created",
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded")]
    tried = [one["location_id"] for one in order["fulfillments"]]
    moved = [[(place, "reserved", 0, 1), (place, "rejected", 0, -1)] for place in tried]
    assert (await service.movements(sku))[6:] == [move for pair in moved for move in pair][:-1]
    assert await service.levels(sku) == dict.fromkeys(["north", *places], (1, 0)) | {tried[-1]: (1, 1)}


async def test_when_every_location_refused_a_person_is_asked(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), delivery={"method": "pickup", "pickup_location": "north"})
    order = await service.until(order_id, "in_fulfillment")

    await service.step(at(order, "north")["id"], "reject", {"reason": "water in the store"})

    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "no_location_left"
    await service.attend(order_id, "cancel")
    await service.until(order_id, "cancelled")
    await service.paid(order_id, "voided")


async def test_ops_reroute_without_a_location(service: World) -> None:
    sku = await service.sku(north=1, south=1, east=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    (offer,) = order["fulfillments"]
    gone = offer["location_id"]

    await service.reroute(order_id, exclude_locations=[gone])

    order = await service.until(order_id, lambda o: len(o["fulfillments"]) > 1)
    assert order["fulfillments"][0]["status"] == "cancelled"
    taken = order["fulfillments"][1]["location_id"]
    assert taken != gone
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("fulfillment.created", "process"),
        ("fulfillment.cancelled", "ops:test-ops"),
        ("order.rerouted", "ops:test-ops"),
        ("fulfillment.created", "process"),
    ]
    (told,) = [one["data"] for one in events if one["type"] == "order.rerouted"]
    assert (told["excluded"], told["reason"]) == ([gone], "closed by snow")
    assert await service.books(order_id) == [("authorize", 1500, "succeeded")]
    assert (await service.movements(sku))[3:] == [
        (gone, "reserved", 0, 1),
        (gone, "withdrawn", 0, -1),
        (taken, "reserved", 0, 1),
    ]
    assert await service.levels(sku) == dict.fromkeys(PLACES, (1, 0)) | {taken: (1, 1)}


async def test_ops_pin_a_location_that_has_the_units(service: World) -> None:
    sku = await service.sku(north=2, south=2, east=1)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    (offer,) = order["fulfillments"]
    other = {"north": "south", "south": "north"}[offer["location_id"]]
    refused = await service.reroute(order_id, pin_location="east", status=409)
    assert "east has 1 of 2 units" in refused["detail"]

    await service.reroute(order_id, fulfillment_id=offer["id"], pin_location=other)

    order = await service.until(order_id, lambda o: len(o["fulfillments"]) > 1)
    assert at(order, other)["status"] == "open"
    assert await service.history(order_id) == [
        *PAID,
        "fulfillment.created",
        "fulfillment.cancelled",
        "order.rerouted",
        "fulfillment.created",
    ]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded")]
    assert (await service.movements(sku))[3:] == [
        (offer["location_id"], "reserved", 0, 2),
        (offer["location_id"], "withdrawn", 0, -2),
        (other, "reserved", 0, 2),
    ]
    assert await service.levels(sku) == {offer["location_id"]: (2, 0), other: (2, 2), "east": (1, 0)}


async def test_packed_units_are_not_rerouted(service: World) -> None:
    sku = await service.sku(north=1, south=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    (offer,) = order["fulfillments"]
    for step in ("accept", "pick", "pack"):
        await service.step(offer["id"], step)

    await service.reroute(order_id, exclude_locations=["north"], status=409)
    await service.reroute(order_id, fulfillment_id=offer["id"], status=409)
    await service.reroute(order_id, fulfillment_id="ful_of_nobody", status=422)
    refused = await service.reroute(order_id, exclude_locations=["atlantis"], status=422)
    assert refused["errors"][0]["pointer"] == "/exclude_locations/0"
    assert await service.level(offer["location_id"], sku) == (1, 1)


async def test_a_reroute_looks_at_waiting_units_again(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 2))
    await service.until(order_id, lambda o: quantities(o) == {"allocated": 1, "backordered": 1})

    await service.reroute(order_id, exclude_locations=["north"])

    await service.until(order_id, lambda o: quantities(o) == {"backordered": 2})
    await service.receive("east", sku, 2)
    order = await service.until(order_id, lambda o: quantities(o) == {"allocated": 2})
    assert at(order, "east")["lines"][0]["quantity"] == 2
    assert await service.level("north", sku) == (1, 0)


async def test_a_later_reroute_says_anew_who_is_excluded(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    await service.reroute(order_id, exclude_locations=["north"])
    await service.until(order_id, "awaiting_stock")

    await service.reroute(order_id)

    order = await service.until(order_id, "in_fulfillment")
    assert at(order, "north")["status"] == "open"
    await service.cancel(order_id)
