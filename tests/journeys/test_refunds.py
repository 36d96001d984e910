"""Money that is given without a return: within what was captured and what the role may give, by any way."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

from tests.journeys.test_races import ask, in_parallel
from tests.returning import ask_back, delivered, inspect, ledger, receive, refunded
from tests.world import World, at, quantities


async def test_what_is_given_goes_back_to_the_card_and_the_order_goes_on(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=2), 2))

    given = await service.give(order_id, 700)
    order = await refunded(service, order_id, 700)

    assert (given["amount"], given["to"], given["kind"]) == (700, "original", "appeasement")
    assert (given["status"], given["paid"], given["actor"]) == ("owed", 0, "ops:test-ops")
    assert (order["status"], order["payment_status"]) == ("delivered", "partially_refunded")
    assert (await service.books(order_id))[-1] == ("refund", 700, "succeeded")
    assert await ledger(service, order_id) == [("authorize", 2500), ("capture", 2500), ("refund", 700)]
    (shown,) = await service.refunds(order_id)
    assert shown == given | {"status": "paid", "paid": 700}
    history = await service.history(order_id)
    assert history[history.index("refund.owed") :] == ["refund.owed", "payment.refunded"]
    await service.close(order_id)


async def test_before_anything_was_captured_nothing_can_be_given(service: World) -> None:
    order_id = await service.place((await service.sku(north=1), 1))
    await service.until(order_id, "in_fulfillment")

    refused = await service.give(order_id, 1, status=409)

    assert refused["type"] == "/problems/not-refundable"
    assert refused["detail"].startswith("0 can be refunded")
    await service.cancel(order_id)
    await service.until(order_id, lambda one: one["closed_at"] is not None)
    await service.give(order_id, 1, status=409)
    assert await service.refunds(order_id) == []


async def test_a_partial_and_a_full_refund_reach_over_the_captures_of_two_shipments(service: World) -> None:
    lines = [(await service.sku(north=1), 1), (await service.sku(south=1), 1)]
    order_id = await service.place(*lines)
    order = await service.until(order_id, "in_fulfillment")
    first = await service.ship(at(order, "north")["id"])
    await service.paid(order_id, "partially_captured")
    captured = (await service.order(order_id))["totals"]["captured"]

    assert (await service.give(order_id, captured + 1, status=409))["detail"].startswith(f"{captured} can")
    await service.give(order_id, captured - 100)
    await refunded(service, order_id, captured - 100)
    second = await service.ship(at(order, "south")["id"])
    await service.until(order_id, lambda one: one["totals"]["captured"] == 2500)
    rest = 2500 - (captured - 100)
    await service.give(order_id, rest + 1, status=409)
    await service.give(order_id, rest)

    order = await service.paid(order_id, "refunded")
    assert order["totals"]["refunded"] == 2500
    refunds = [amount for kind, amount, _ in await service.books(order_id) if kind == "refund"]
    assert sum(refunds) == 2500
    for number in (first, second):
        await service.scan(number, "delivered")
    await service.close(order_id)


async def test_credit_is_given_without_the_card(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1))

    given = await service.give(order_id, 400, to_store_credit=400)

    assert (given["to"], given["to_store_credit"], given["status"]) == ("store_credit", 400, "credit")
    order = await service.close(order_id)
    assert (order["totals"]["store_credit"], order["totals"]["refunded"]) == (400, 0)
    assert [kind for kind, _, _ in await service.books(order_id)] == ["authorize", "capture"]


async def test_one_refund_goes_to_card_and_credit_in_parts(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1))

    given = await service.give(order_id, 900, to_store_credit=250)

    assert (given["to"], given["amount"], given["paid"]) == ("both", 900, 250)
    assert given["status"] == "owed"
    order = await refunded(service, order_id, 650)
    assert order["totals"]["store_credit"] == 250
    (shown,) = await service.refunds(order_id)
    assert (shown["status"], shown["paid"], shown["id"]) == ("paid", 900, given["id"])
    body = {"amount": 5, "to_store_credit": 6, "reason": "too much"}
    await service.post("ops", f"/v1/orders/{order_id}/refunds", body, status=422)
    assert (await service.give(order_id, 601, status=409))["detail"].startswith("600 can be refunded")


async def test_a_refund_is_owed_while_another_one_is_under_way(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1), token="tok_timeout_once")
    for amount in (100, 200, 300):
        await service.give(order_id, amount)

    await refunded(service, order_id, 600)

    refunds = [amount for kind, amount, _ in await service.books(order_id) if kind == "refund"]
    assert sum(refunds) == 600
    assert [one["status"] for one in await service.refunds(order_id)] == ["paid"] * 3


async def test_a_role_gives_no_more_on_one_order_than_its_cap(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=6), 6))
    await service.give(order_id, 3000)

    refused = await service.give(order_id, 2001, status=403)

    assert refused["type"] == "/problems/above-cap"
    assert "5000" in refused["detail"]
    assert "3000" in refused["detail"]
    await service.give(order_id, 1, role="storefront", status=403)
    await service.give(order_id, 1000, role="admin")
    await service.give(order_id, 2000)
    await service.give(order_id, 1, status=403)
    await service.give(order_id, 500, role="admin")
    await service.paid(order_id, "refunded")


async def test_a_role_gives_nothing_in_a_currency_that_it_has_no_cap_for(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1), currency="JPY")

    refused = await service.give(order_id, 1, status=403)

    assert refused["type"] == "/problems/above-cap"
    assert "JPY" in refused["detail"]
    await service.give(order_id, 1500, role="admin")
    await service.paid(order_id, "refunded")


async def test_refunds_raced_beyond_what_is_left_are_given_to_the_unit_and_no_further(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=2), 2))
    bodies = [{"amount": 100, "reason": f"{n}", "to_store_credit": n % 2 * 60} for n in range(50)]

    answers = await in_parallel([ask(service, f"/v1/orders/{order_id}/refunds", one) for one in bodies], 50)

    assert Counter(one.status_code for one in answers) == {201: 25, 409: 25}
    refunds = await service.refunds(order_id)
    credit = sum(one["to_store_credit"] for one in refunds)
    assert [one["number"] for one in refunds] == list(range(1, 26))
    order = await refunded(service, order_id, 2500 - credit)
    assert order["totals"]["store_credit"] == credit
    books = await service.books(order_id)
    assert sum(amount for kind, amount, _ in books if kind == "refund") == 2500 - credit
    assert (await service.give(order_id, 1, status=409))["detail"].startswith("0 can be refunded")


async def test_a_refund_that_is_repeated_under_its_key_is_given_once(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1))
    body, path, key = {"amount": 300, "reason": "late"}, f"/v1/orders/{order_id}/refunds", uuid4().hex

    answers = await asyncio.gather(*(service.post("ops", path, body, key=key, status=201) for _ in range(10)))

    assert all(one == answers[0] for one in answers)
    await refunded(service, order_id, 300)
    assert [one["amount"] for one in await service.refunds(order_id)] == [300]


async def test_units_that_come_back_after_an_appeasement_are_paid_back_as_far_as_is_left(
    service: World,
) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    await service.give(order_id, 1800, to_store_credit=900)
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    await receive(service, name, "north", ("1", 2))

    over = await inspect(service, name, ("1", 2, "restock"))

    assert over["refund"] == 700
    assert [(one["kind"], one["amount"]) for one in over["adjustments"]] == [("given_before", -1300)]
    order = await service.until(order_id, lambda one: one["totals"]["refunded"] == 1600)
    assert (order["totals"]["store_credit"], order["totals"]["captured"]) == (900, 2500)
    assert quantities(order) == {"returned": 2}
    assert [one["kind"] for one in await service.refunds(order_id)] == ["appeasement", "return"]
    assert await service.level("north", sku) == (2, 0)
    await service.skip(order_id, timedelta(days=31))
    await service.until(order_id, "returned")


async def test_credit_for_a_return_waits_until_its_money_was_taken(service: World) -> None:
    order_id = await service.place((await service.sku(north=1), 1), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.until(order_id, "needs_attention")
    await service.scan(number, "delivered")
    name = (await ask_back(service, order_id, ("1", 1), refund_to="store_credit"))["id"]
    await receive(service, name, "north", ("1", 1))
    waiting = await inspect(service, name, ("1", 1, "restock"))
    assert (waiting["status"], waiting["refund"]) == ("inspected", 1000)
    assert (await service.order(order_id))["totals"]["store_credit"] == 0

    await service.attend(order_id, "retry")

    order = await service.until(order_id, lambda one: one["totals"]["store_credit"] == 1000)
    assert (order["totals"]["captured"], order["returns"][0]["status"]) == (1500, "completed")


async def test_credit_for_what_nobody_pays_in_the_end_is_not_given(service: World) -> None:
    order_id = await service.place((await service.sku(north=1), 1), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.until(order_id, "needs_attention")
    await service.scan(number, "delivered")
    name = (await ask_back(service, order_id, ("1", 1), refund_to="store_credit"))["id"]
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "restock"))

    await service.attend(order_id, "skip")

    order = await service.until(order_id, lambda one: one["returns"][0]["status"] == "completed")
    assert (order["totals"]["captured"], order["totals"]["store_credit"]) == (0, 0)
    (shown,) = await service.refunds(order_id)
    assert (shown["status"], shown["written_off"]) == ("written_off", 1000)
