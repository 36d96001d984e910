"""Scans come early, late, twice and out of order; bodies come forged and broken."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from adapters.db.tables import carrier_inbox
from tests.world import World, at, quantities


async def shipped(service: World) -> tuple[str, str]:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    return order_id, await service.ship(at(order, "north")["id"])


async def test_scans_out_of_order_and_twice_tell_the_same_story(service: World) -> None:
    order_id, number = await shipped(service)
    noon = datetime.now(UTC)
    story = [
        (3, "delivered"), (1, "in_transit"), (2, "out_for_delivery"), (1, "in_transit"),
        (3, "delivered"), (0, "picked_up"),
    ]  # fmt: skip

    for minute, status in story:
        moment = (noon - timedelta(minutes=10 - minute)).isoformat()
        await service.scan(number, status, occurred_at=moment)

    order = await service.until(order_id, "delivered")
    assert order["fulfillments"][0]["tracking_status"] == "delivered"
    history = await service.history(order_id)
    assert history.count("fulfillment.delivered") == history.count("order.delivered") == 1
    assert history.count("parcel.tracked") == 1


async def test_a_scan_before_its_parcel_is_known_is_kept_and_read_when_it_ships(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    number = f"EARLY-{sku}"

    assert (await service.scan(number, "in_transit"))["status"] == "taken"
    await service.scan(number, "delivered")
    await service.step(at(order, "north")["id"], "ship", {"carrier": "ups", "tracking_number": number})

    order = await service.until(order_id, "delivered")
    await service.paid(order_id)
    assert order["fulfillments"][0]["status"] == "delivered"
    assert order["lines"][0]["quantities"]["delivered"] == 1


async def test_trouble_is_a_flag_that_the_next_milestone_clears(service: World) -> None:
    order_id, number = await shipped(service)
    await service.scan(number, "in_transit")
    await service.scan(number, "delayed")
    (parcel,) = (await service.order(order_id))["fulfillments"][0]["parcels"]
    assert (parcel["tracking_status"], parcel["delayed"]) == ("in_transit", True)

    await service.scan(number, "out_for_delivery")

    (parcel,) = (await service.order(order_id))["fulfillments"][0]["parcels"]
    assert (parcel["tracking_status"], parcel["delayed"]) == ("out_for_delivery", False)


async def test_a_body_without_proof_is_refused_and_leaves_nothing(service: World) -> None:
    number = f"FORGED-{uuid4().hex}"
    body = {"tracking_number": number, "status": "delivered", "occurred_at": "2026-03-02T12:00:00Z"}

    other = "whsec_" + "YW5vdGhlci1zZWNyZXQtYW5vdGhlci1zZWNyZXQ="
    await service.carrier(json.dumps(body), secret=other, status=401)
    await service.carrier(json.dumps(body), status=401, **{"webhook-signature": "v1,nonsense"})
    await service.carrier(json.dumps(body), status=401, **{"webhook-timestamp": "1"})

    async with service.database() as connection:
        kept = await connection.execute(
            select(carrier_inbox.c.id).where(carrier_inbox.c.body == json.dumps(body).encode())
        )
        assert kept.all() == []


async def test_an_authentic_body_that_says_nothing_readable_is_kept_apart(service: World) -> None:
    for text in ("not json", "{}", '{"tracking_number": "1", "status": "teleported"}', "[]"):
        unique = text + " " * len(uuid4().hex)
        assert (await service.carrier(unique))["status"] == "quarantined"
        assert (await service.carrier(unique))["status"] == "duplicate"


async def test_a_message_that_comes_twice_is_taken_once(service: World) -> None:
    order_id, number = await shipped(service)
    event = f"evt-{uuid4().hex}"

    first = await service.scan(number, "in_transit", event_id=event)
    again = await service.scan(number, "in_transit", event_id=event)

    assert (first["status"], again["status"]) == ("taken", "duplicate")
    assert (await service.history(order_id)).count("parcel.tracked") == 1


async def test_a_scan_after_the_close_is_kept_and_marked_late(service: World) -> None:
    order_id, number = await shipped(service)
    await service.scan(number, "delivered")
    await service.paid(order_id)
    await service.close(order_id)

    await service.scan(number, "returned_to_sender")

    events = [one for one in await service.events(order_id) if one["type"] == "parcel.tracked"]
    assert (events[-1]["data"]["status"], events[-1]["data"]["late"]) == ("returned_to_sender", True)
    order = await service.order(order_id)
    assert order["attention"]["reason"] == "undelivered_after_close"
    assert quantities(order) == {"returned": 1}
    assert order["status"] == "returned"
    order = await service.attend(order_id, "skip")
    assert (order["status"], order["payment_status"]) == ("returned", "captured")
    assert "attention" not in order
