"""Captures and refunds that a provider takes now and decides later: counted when they are confirmed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from adapters.db.tables import payment_intents
from tests.world import World, at


async def shipped(service: World, token: str) -> str:
    """An order that has left, paid with a token."""
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2), token=token)
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.scan(number, "delivered")
    return order_id


async def sent_back(service: World, order_id: str) -> None:
    """One of two units comes back."""
    lines = [{"line_id": "1", "quantity": 1}]
    body = {"lines": [lines[0] | {"reason": "too small"}], "refund_to": "original"}
    returned = await service.post("storefront", f"/v1/orders/{order_id}/returns", body, status=201)
    path = f"/v1/returns/{returned['id']}"
    await service.post("ops", f"{path}/receive", {"location_id": "north", "lines": lines})
    await service.post("ops", f"{path}/inspect", {"lines": [lines[0] | {"disposition": "restock"}]})


async def test_a_capture_counts_when_it_is_confirmed(service: World) -> None:
    order_id = await shipped(service, "tok_capture_pending")

    await service.told(order_id, "payment.capture_pending")
    order = await service.paid(order_id)

    assert order["totals"]["captured"] == 2500
    history = await service.history(order_id)
    assert history.count("payment.capture_pending") == history.count("payment.captured") == 1
    assert history.index("payment.capture_pending") < history.index("payment.captured")
    await service.close(order_id)
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]


async def test_a_capture_that_fails_later_asks_a_person_who_tries_again(service: World) -> None:
    order_id = await shipped(service, "tok_capture_fails_later")
    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "capture_refused"
    assert order["totals"]["captured"] == 0

    await service.attend(order_id, "retry")

    order = await service.paid(order_id)
    assert order["totals"]["captured"] == 2500
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "failed"),
        ("capture", 2500, "succeeded"),
    ]


async def test_a_refund_counts_when_it_is_confirmed(service: World) -> None:
    order_id = await shipped(service, "tok_refund_pending")
    await service.paid(order_id)

    await sent_back(service, order_id)

    order = await service.paid(order_id, "partially_refunded")
    assert order["totals"]["refunded"] == 1000
    history = await service.history(order_id)
    assert history.index("payment.refund_pending") < history.index("payment.refunded")
    assert (await service.books(order_id))[2:] == [("refund", 1000, "succeeded")]
    await service.close(order_id)


async def test_a_refund_that_fails_later_asks_a_person(service: World) -> None:
    order_id = await shipped(service, "tok_refund_fails_later")
    await service.paid(order_id)

    await sent_back(service, order_id)

    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "refund_refused"
    assert (order["totals"]["refunded"], order["totals"]["refund_due"]) == (0, 1000)
    assert (await service.books(order_id))[2:] == [("refund", 1000, "failed")]


async def test_an_order_does_not_close_before_its_money_is_decided(elsewhere: World) -> None:
    order_id = await shipped(elsewhere, "tok_capture_pending")
    await elsewhere.told(order_id, "payment.capture_pending")
    await elsewhere.until(order_id, "delivered")

    await asyncio.sleep(1.5)

    order = await elsewhere.order(order_id)
    assert (order["totals"]["captured"], order["payment_status"]) == (0, "authorized")
    await elsewhere.skip(order_id, timedelta(days=31))
    await elsewhere.until(order_id, "completed")
    assert (await elsewhere.order(order_id))["totals"]["captured"] == 2500


async def test_without_notices_it_is_looked_up_and_not_too_often(elsewhere: World) -> None:
    order_id = await shipped(elsewhere, "tok_capture_pending")
    await elsewhere.told(order_id, "payment.capture_pending")

    await elsewhere.skip(order_id, timedelta(minutes=6))

    order = await elsewhere.paid(order_id)
    assert order["totals"]["captured"] == 2500
    assert await elsewhere.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "succeeded"),
    ]


async def parked(service: World, token: str) -> str:
    """An order of two parts: the money of one is being decided, the other no location can find."""
    places = [await service.location() for _ in range(5)]
    first, second = await service.sku(east=1), await service.sku(**dict.fromkeys(places, 1))
    order_id = await service.place((first, 1), (second, 1), token=token)
    order = await service.until(order_id, "in_fulfillment")
    await service.ship(at(order, "east")["id"])
    await service.told(order_id, "payment.capture_pending")
    for _ in places:
        order = await service.until(order_id, lambda one: bool(offers(one)))
        await service.step(offers(order)[0], "reject", {"reason": "cannot find it"})
    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "too_many_failures"
    return order_id


def offers(order: dict[str, Any]) -> list[str]:
    """The work that locations are asked for."""
    return [one["id"] for one in order["fulfillments"] if one["status"] == "open"]


@pytest.mark.parametrize(
    ("token", "captured", "reason"),
    [("tok_capture_pending", 1500, "too_many_failures"), ("tok_capture_fails_later", 0, "capture_refused")],
)
async def test_a_parked_order_hears_what_was_decided_without_notices(
    elsewhere: World, token: str, captured: int, reason: str
) -> None:
    order_id = await parked(elsewhere, token)

    await elsewhere.skip(order_id, timedelta(minutes=6))

    told = "payment.captured" if captured else "payment.capture_declined"
    await elsewhere.told(order_id, told)
    order = await elsewhere.order(order_id)
    assert (order["attention"]["reason"], order["totals"]["captured"]) == (reason, captured)
    length = (await elsewhere.process(order_id).describe()).history_length
    await asyncio.sleep(1)
    assert (await elsewhere.process(order_id).describe()).history_length == length


async def test_a_decision_that_could_not_be_looked_up_is_looked_up_again(elsewhere: World) -> None:
    order_id = await shipped(elsewhere, "tok_capture_pending")
    await elsewhere.told(order_id, "payment.capture_pending")
    async with elsewhere.database() as connection:
        await connection.execute(
            update(payment_intents)
            .where(payment_intents.c.order_id == order_id, payment_intents.c.status == "open")
            .values(attempts=elsewhere.settings.psp_attempts)
        )

    await elsewhere.skip(order_id, timedelta(minutes=6))
    await elsewhere.told(order_id, "order.needs_attention")
    assert (await elsewhere.order(order_id))["attention"]["reason"] == "payment_unavailable"
    await elsewhere.skip(order_id, timedelta(minutes=6))

    order = await elsewhere.paid(order_id)
    assert "attention" not in order
    assert (await elsewhere.history(order_id)).count("order.resumed") == 1


async def test_a_customer_who_takes_long_is_asked_about_ever_less_often(elsewhere: World) -> None:
    sku = await elsewhere.sku(north=1)
    order_id = await elsewhere.place((sku, 1), token="tok_3ds")
    await elsewhere.paid(order_id, "action_required")
    before = (await elsewhere.process(order_id).describe()).history_length

    await elsewhere.skip(order_id, timedelta(hours=40))

    await asyncio.sleep(1)
    told = (await elsewhere.process(order_id).describe()).history_length - before
    assert told < 120, f"{told} events for forty hours of waiting"
    assert (await elsewhere.order(order_id))["payment_status"] == "action_required"


@pytest.mark.parametrize("outcome", ["passed", "failed"])
async def test_what_a_customer_did_is_found_out_without_notices(elsewhere: World, outcome: str) -> None:
    sku = await elsewhere.sku(north=1)
    order_id = await elsewhere.place((sku, 1), token="tok_3ds")
    order = await elsewhere.paid(order_id, "action_required")
    await elsewhere.http.post(order["payment_action"]["url"], json={"outcome": outcome})

    await elsewhere.skip(order_id, timedelta(minutes=6))

    wanted = "authorized" if outcome == "passed" else "declined"
    await elsewhere.paid(order_id, wanted)
