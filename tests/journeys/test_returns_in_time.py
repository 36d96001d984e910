"""Returns that take their time: they expire, they keep the order open, carriers turn round."""

from datetime import timedelta

from tests.passages import DELIVERED, SHIPPED
from tests.returning import (
    ask_back,
    delivered,
    ended,
    inspect,
    ledger,
    receive,
    refunded,
    skip_return,
)
from tests.world import World, at, quantities, sent_by


async def test_a_return_of_which_nothing_came_expires_after_thirty_days(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1)))["id"]

    await skip_return(service, name, timedelta(days=31))

    order = await service.until(order_id, lambda one: one["returns"][0]["status"] == "expired")
    assert quantities(order) == {"delivered": 1}
    await ended(service, name)
    refused = await receive(service, name, "north", ("1", 1), status=409)
    assert "expired" in refused["detail"]
    await service.close(order_id)
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events[len(DELIVERED) :]] == [
        ("return.requested", "storefront:test-storefront"),
        ("return.expired", "process"),
        ("order.closed", "process"),
    ]
    assert await ledger(service, order_id) == [("authorize", 1500), ("capture", 1500)]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_after_thirty_days_a_return_is_what_came_of_it(service: World) -> None:
    skus = [await service.sku(north=2), await service.sku(north=1)]
    order_id = await delivered(service, (skus[0], 2), (skus[1], 1))
    name = (await ask_back(service, order_id, ("1", 2), ("2", 1)))["id"]
    await receive(service, name, "north", ("1", 1))

    await skip_return(service, name, timedelta(days=31))

    order = await service.until(order_id, lambda one: one["returns"][0]["status"] == "received")
    assert [(one["line_id"], one["quantity"]) for one in order["returns"][0]["lines"]] == [("1", 1)]
    await receive(service, name, "north", ("1", 1), status=409)
    await inspect(service, name, ("1", 1, "restock"))
    order = await refunded(service, order_id, 1000)
    assert order["returns"][0]["status"] == "completed"
    assert quantities(order) == {"delivered": 1, "returned": 1}
    (event,) = [one for one in await service.events(order_id) if one["type"] == "return.rest_expired"]
    assert event["data"]["lines"] == [{"line_id": "1", "quantity": 1}, {"line_id": "2", "quantity": 1}]


async def test_a_return_inspected_in_part_ends_when_the_rest_does_not_come(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "scrap"))
    order = await refunded(service, order_id, 1000)
    assert order["returns"][0]["status"] == "partially_received"

    await skip_return(service, name, timedelta(days=31))

    await service.until(order_id, lambda one: one["returns"][0]["status"] == "completed")
    await ended(service, name)


async def test_the_close_waits_for_what_is_on_its_way_back(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await service.told(order_id, "return.requested")
    await service.skip(order_id, timedelta(days=31))
    await receive(service, name, "north", ("1", 1))
    order = await service.order(order_id)
    assert order["closed_at"] is None

    await inspect(service, name, ("1", 1, "restock"))

    order = await service.until(order_id, lambda one: one["closed_at"] is not None)
    assert order["status"] == "returned"
    history = await service.history(order_id)
    assert history[-2:] == ["return.completed", "order.closed"]
    assert (await service.books(order_id))[-1] == ("refund", 1000, "succeeded")


async def test_what_a_carrier_brings_back_is_restocked_and_was_paid_back_once(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.paid(order_id)

    await service.scan(number, "returned_to_sender")

    order = await service.paid(order_id, "refunded")
    (sent_back,) = order["returns"]
    assert (sent_back["kind"], sent_back["status"]) == ("to_sender", "in_transit")
    assert order["closed_at"] is None
    await receive(service, sent_back["id"], "south", ("1", 1))
    await receive(service, sent_back["id"], "north", ("1", 1))
    over = await inspect(service, sent_back["id"], ("1", 2, "restock"))
    assert (over["status"], over["refund"]) == ("completed", 0)
    order = await service.until(order_id, lambda one: one["closed_at"] is not None)
    assert (order["status"], quantities(order)) == ("returned", {"returned": 2})
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events[len(SHIPPED) :]] == [
        ("parcel.tracked", "carrier:generic"),
        ("parcel.returned", "carrier:generic"),
        ("return.in_transit", "carrier:generic"),
        ("refund.adjusted", "carrier:generic"),
        ("refund.owed", "carrier:generic"),
        ("fulfillment.returned", "carrier:generic"),
        ("payment.refunded", "process"),
        ("return.received", "ops:test-ops"),
        ("return.received", "ops:test-ops"),
        ("return.inspected", "ops:test-ops"),
        ("return.completed", "ops:test-ops"),
        ("order.closed", "process"),
    ]
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "succeeded"),
        ("refund", 2500, "succeeded"),
    ]
    assert await service.movements(sku) == [
        *sent_by("north", 2),
        ("south", "return restocked", 1, 0),
        ("north", "return restocked", 1, 0),
    ]
    assert await service.levels(sku) == {"north": (1, 0), "south": (1, 0)}


async def test_what_a_carrier_never_brings_back_keeps_no_order_open(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    await service.scan(await service.ship(at(order, "north")["id"]), "returned_to_sender")
    order = await service.paid(order_id, "refunded")

    await skip_return(service, order["returns"][0]["id"], timedelta(days=31))

    order = await service.until(order_id, lambda one: one["closed_at"] is not None)
    assert order["returns"][0]["status"] == "expired"


async def test_what_a_carrier_brings_back_after_the_close_is_restocked_late(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    closed = await service.close(order_id)

    (parcel,) = at(closed, "north")["parcels"]
    await service.scan(parcel["tracking_number"], "returned_to_sender")
    (sent_back,) = (await service.order(order_id))["returns"]
    await receive(service, sent_back["id"], "east", ("1", 1))
    over = await inspect(service, sent_back["id"], ("1", 1, "restock"))

    assert over["status"] == "completed"
    order = await service.order(order_id)
    assert order["closed_at"] == closed["closed_at"]
    events = await service.events(order_id)
    late = events[len(DELIVERED) + 1 :]
    assert [one["type"] for one in events[: len(DELIVERED) + 1]] == [*DELIVERED, "order.closed"]
    assert [one["type"] for one in late] == [
        "parcel.tracked",
        "parcel.returned",
        "return.in_transit",
        "order.needs_attention",
        "fulfillment.returned",
        "return.received",
        "return.inspected",
        "return.completed",
    ]
    assert all(one["data"]["late"] for one in late)
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await service.movements(sku) == [
        *sent_by("north", 1),
        ("east", "return restocked", 1, 0),
    ]
    assert await service.levels(sku) == {"north": (0, 0), "east": (1, 0)}
