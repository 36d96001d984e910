"""Declined payments: tried again after a pause, or by another token within the grace, or cancelled."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from adapters.db.tables import orders
from tests.passages import ARRIVED, AUTHORIZED, SENT
from tests.world import World, at, sent_by


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
    assert await service.movements(sku) == [("north", "count", 1, 0)]
    assert await service.levels(sku) == {"north": (1, 0)}
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
    await service.bring(order_id, "tok_ok", status=409)
    number = await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    await service.scan(number, "delivered")
    await service.close(order_id)
    assert await service.history(order_id) == [
        "order.placed",
        "payment.authorize_declined",
        "payment.another_needed",
        "payment.brought",
        *AUTHORIZED,
        "fulfillment.created",
        *SENT,
        *ARRIVED,
        "order.closed",
    ]
    assert await service.books(order_id) == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


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
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    assert await service.history(order_id) == [
        "order.placed",
        "payment.authorize_declined",
        *AUTHORIZED,
        "fulfillment.created",
        *SENT,
    ]
    assert await service.books(order_id) == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_an_order_cancelled_in_the_pause_after_a_soft_decline_ends(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_insufficient_then_ok")
    await service.until(order_id, "payment_pending")
    await service.told(order_id, "payment.authorize_declined")

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [("authorize", 1500, "declined")]


async def test_nothing_leaves_while_an_ended_authorization_cannot_be_replaced(service: World) -> None:
    order_id = await service.place((await service.sku(north=1), 1), token="tok_expires_soon")
    order = await service.until(order_id, "in_fulfillment")
    async with service.database() as connection:
        await connection.execute(
            update(orders).where(orders.c.id == order_id).values(payment_token="tok_try_later")
        )
    await service.told(order_id, "payment.authorization_expired")
    await service.told(order_id, "payment.authorize_declined")

    body = {"carrier": "ups", "tracking_number": "TN-expired"}
    refused = await service.step(at(order, "north")["id"], "ship", body, status=409)

    assert refused["type"] == "/problems/order-held"
    await service.skip(order_id, timedelta(minutes=2))
    await service.paid(order_id, "authorized")
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
