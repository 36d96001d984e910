"""Every way in which paying goes wrong, with the scripted tokens of the sandbox provider."""

import asyncio
from datetime import timedelta

from tests.world import World, at, quantities


async def test_a_hard_decline_cancels_the_order_when_the_grace_is_over(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_declined")
    await service.told(order_id, "payment.another_needed")
    order = await service.order(order_id)
    assert (order["status"], order["payment_status"]) == ("payment_pending", "declined")

    await service.skip(order_id, timedelta(hours=49))

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "declined")
    assert await service.books(order_id) == [("authorize", 1500, "declined")]
    assert await service.level("north", sku) == (1, 0)
    assert await service.history(order_id) == [
        "order.placed",
        "payment.authorize_declined",
        "payment.another_needed",
        "order.cancelled",
        "order.closed",
    ]


async def test_a_new_token_within_the_grace_pays_for_the_order(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_declined")
    await service.told(order_id, "payment.another_needed")
    await service.skip(order_id, timedelta(hours=47))

    await service.bring(order_id, "tok_ok")

    order = await service.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    assert await service.books(order_id) == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
    ]
    await service.bring(order_id, "tok_ok", status=409)
    await service.deliver(order_id)
    await service.close(order_id)


async def test_a_token_that_is_declined_as_well_starts_the_grace_anew(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_declined")
    await service.told(order_id, "payment.another_needed")
    await service.skip(order_id, timedelta(hours=40))
    await service.bring(order_id, "tok_declined")
    await service.until_books(order_id, 2)
    await service.told(order_id, "payment.another_needed")

    await service.skip(order_id, timedelta(hours=40))
    assert (await service.order(order_id))["status"] == "payment_pending"
    await service.skip(order_id, timedelta(hours=10))

    await service.until(order_id, "cancelled")


async def test_a_declined_order_can_be_cancelled_within_its_grace(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_declined")
    await service.told(order_id, "payment.another_needed")

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["status"] == "cancelled"
    await service.bring(order_id, "tok_ok", status=409)


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
    assert order["attention"]["reason"] == "capture_refused"
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


async def test_a_review_holds_the_order_until_somebody_lifts_the_hold(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    order = await service.until(order_id, "on_hold")
    assert order["payment_status"] == "review"
    assert order["fulfillments"] == []
    (hold,) = order["holds"]
    assert (hold["type"], hold["blocks"]) == ("review", ["capture", "release", "routing"])

    await service.lift(order_id, hold["id"])

    order = await service.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)


async def test_an_order_in_review_can_be_cancelled(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    await service.until(order_id, "on_hold")

    await service.cancel(order_id)

    order = await service.paid(order_id, "voided")
    assert order["status"] == "cancelled"
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")]
    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["holds"] == []


async def test_an_order_cancelled_before_its_review_needs_no_attention(service: World) -> None:
    sku = await service.sku(north=1)
    orders = [await service.place((sku, 1), token="tok_review") for _ in range(3)]

    for order_id in orders:
        await service.cancel(order_id)

    for order_id in orders:
        order = await service.until(order_id, lambda o: o["closed_at"] is not None)
        assert order["status"] == "cancelled"
        assert order["payment_status"] in {"none", "voided"}


async def test_an_authorization_is_renewed_before_it_ends_and_the_old_one_is_let_go(service: World) -> None:
    sku = await service.sku(north=0)
    order_id = await service.place((sku, 1), token="tok_expires_soon")
    await service.until(order_id, "awaiting_stock")

    await service.told(order_id, "payment.voided")

    books = await service.books(order_id)
    assert books[:3] == [
        ("authorize", 1500, "succeeded"),
        ("authorize", 1500, "succeeded"),
        ("void", 1500, "succeeded"),
    ]
    await service.cancel(order_id)
    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["status"] == "cancelled"
    assert order["totals"]["captured"] == 0
    assert still_set_aside(await service.books(order_id)) == 0


async def test_what_ships_late_is_paid_for_by_the_renewed_authorization(service: World) -> None:
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
    books = await service.books(order_id)
    captures = [amount for kind, amount, status in books if (kind, status) == ("capture", "succeeded")]
    assert captures == [1500, 1000]
    renewals = [amount for kind, amount, status in books if (kind, status) == ("authorize", "succeeded")]
    assert renewals[0] == 3500
    assert set(renewals[1:]) <= {2000, 1000}


def still_set_aside(books: list[tuple[str, int, str]]) -> int:
    """What a provider holds of the customer's money, when no authorization has run out."""
    sign = {"authorize": 1, "capture": -1, "void": -1, "refund": 0}
    return sum(sign[kind] * amount for kind, amount, status in books if status == "succeeded")
