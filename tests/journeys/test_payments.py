"""Every way in which paying goes wrong, with the scripted tokens of the sandbox provider."""

import asyncio
from datetime import timedelta

from tests.world import World, at, quantities


async def test_a_hard_decline_cancels_the_order(service: World) -> None:
    sku = await service.sku(north=1)

    order_id = await service.place((sku, 1), token="tok_declined")

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "declined")
    assert await service.books(order_id) == [("authorize", 1500, "declined")]
    assert await service.level("north", sku) == (1, 0)
    assert await service.history(order_id) == [
        "order.placed",
        "payment.authorize_declined",
        "order.cancelled",
        "order.closed",
    ]


async def test_a_soft_decline_is_tried_again_after_the_pause(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_insufficient_then_ok")
    order = await service.until(order_id, lambda o: o["status"] == "payment_pending")
    await service.told(order_id, "payment.authorize_declined")
    await asyncio.sleep(1)
    assert (await service.order(order_id))["status"] == "payment_pending"

    await service.skip(order_id, timedelta(minutes=2))

    order = await service.until(order_id, "in_fulfillment", 30)
    assert order["payment_status"] == "authorized"
    assert await service.books(order_id) == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
    ]


async def test_an_order_cancelled_in_the_pause_after_a_soft_decline_ends(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_insufficient_then_ok")
    await service.until(order_id, "payment_pending")
    await service.told(order_id, "payment.authorize_declined")

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [("authorize", 1500, "declined")]


async def test_answers_that_come_too_late_are_asked_for_again_and_count_once(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_timeout_once")
    order = await service.until(order_id, "in_fulfillment")

    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)

    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]


async def test_an_outage_of_the_provider_is_waited_out(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_down_3")

    order = await service.until(order_id, "in_fulfillment")
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)

    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]


async def test_a_refused_capture_parks_the_order_until_somebody_tries_again(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    order = await service.until(order_id, "needs_attention")
    assert order["attention"] == {"reason": "capture_refused"}
    await service.scan(number, "delivered")

    await service.attend(order_id, "retry")

    order = await service.paid(order_id)
    assert order["status"] == "delivered"
    assert await service.books(order_id) == [
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "failed"),
        ("capture", 1500, "succeeded"),
    ]
    await service.close(order_id)
    await service.attend(order_id, "retry", status=409)


async def test_a_review_waits_for_a_person_who_accepts(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    order = await service.until(order_id, "needs_attention")
    assert order["payment_status"] == "review"
    assert order["fulfillments"] == []

    await service.attend(order_id, "retry")

    order = await service.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)


async def test_a_review_waits_for_a_person_who_cancels(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    await service.until(order_id, "needs_attention")

    await service.attend(order_id, "cancel")

    order = await service.paid(order_id, "voided")
    assert order["status"] == "cancelled"
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")]
    await service.until(order_id, lambda o: o["closed_at"] is not None)


async def test_the_customer_may_cancel_an_order_in_review(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    await service.until(order_id, "needs_attention")

    await service.cancel(order_id)

    order = await service.paid(order_id, "voided")
    assert order["status"] == "cancelled"
    assert "attention" not in order


async def test_an_order_cancelled_before_its_review_needs_no_attention(service: World) -> None:
    sku = await service.sku(north=1)
    orders = [await service.place((sku, 1), token="tok_review") for _ in range(3)]

    for order_id in orders:
        await service.cancel(order_id)

    for order_id in orders:
        order = await service.until(order_id, lambda o: o["closed_at"] is not None)
        assert order["status"] == "cancelled"
        assert order["payment_status"] in {"none", "voided"}


async def test_a_capture_after_the_authorization_expired_authorizes_again(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2), token="tok_expires_soon")
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    await asyncio.sleep(2.1)

    await service.ship(work)

    order = await service.paid(order_id)
    assert order["totals"]["captured"] == order["totals"]["authorized"] == 2500
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "failed"),
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "succeeded"),
    ]


async def test_a_second_capture_after_the_expiry_pays_only_for_what_is_left(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3), token="tok_expires_soon")
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    part = {"carrier": "ups", "tracking_number": f"1-{sku}", "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(work, "ship", {"parcels": [part]})
    await service.until(order_id, lambda o: o["totals"]["captured"] == 1500)
    await service.cancel(order_id, ("1", 1))
    await asyncio.sleep(2.1)

    await service.step(work, "ship", {"version": 2, "carrier": "ups", "tracking_number": f"2-{sku}"})

    order = await service.paid(order_id)
    assert quantities(order) == {"shipped": 2, "cancelled": 1}
    assert order["totals"]["captured"] == 2500
    done = [(kind, amount) for kind, amount, status in await service.books(order_id) if status == "succeeded"]
    assert done == [("authorize", 3500), ("capture", 1500), ("authorize", 1000), ("capture", 1000)]


async def test_a_void_of_what_has_expired_ends_the_order(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_expires_soon")
    await service.until(order_id, "in_fulfillment")
    await asyncio.sleep(2.1)

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "expired")
    assert order["totals"]["captured"] == order["totals"]["authorized"] == 0
