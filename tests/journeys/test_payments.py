"""Every way in which paying goes wrong, with the scripted tokens of the sandbox provider."""

import asyncio

from tests.passages import ARRIVED, PAID, PLACED_BY, SENT_BY
from tests.world import World, at, quantities, sent_by


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
    assert await service.history(order_id) == [
        *PAID,
        "fulfillment.created",
        "fulfillment.shipped",
        "payment.capture_declined",
        "order.needs_attention",
        *ARRIVED,
        "order.resumed",
        "payment.captured",
        "order.closed",
    ]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


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
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PLACED_BY,
        ("payment.authorized", "process"),
        ("risk.review", "process"),
        ("hold.placed", "process"),
        ("hold.lifted", "ops:test-ops"),
        ("fulfillment.created", "process"),
        *SENT_BY,
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


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

    await service.cancel(order_id)
    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["status"] == "cancelled"
    assert order["totals"]["captured"] == 0
    books, history = await service.books(order_id), await service.history(order_id)
    renewals = books.count(("authorize", 1500, "succeeded")) - 1
    renewed = [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")]
    assert books == [("authorize", 1500, "succeeded"), *renewed * renewals, ("void", 1500, "succeeded")]
    assert history == [
        *PAID,
        "lines.backordered",
        *["payment.authorized", "payment.voided"] * renewals,
        "order.cancelled",
        "payment.voided",
        "order.closed",
    ]
    assert await service.movements(sku) == []
    assert await service.levels(sku) == {"north": (0, 0)}


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
