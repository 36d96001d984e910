"""Payments are judged when they are authorized, by what the provider tells and by what we have seen."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from adapters.db.tables import risk_decisions
from tests.databases import migrated
from tests.world import World, at, world

RULES: list[dict[str, Any]] = [
    {"name": "highest", "when": {"risk": ["highest"]}, "then": "decline"},
    {"name": "wrong code", "when": {"cvc": ["failed"]}, "then": "decline"},
    {"name": "wrong address", "when": {"avs": ["failed"]}, "then": "review"},
    {"name": "elevated", "when": {"risk": ["elevated", "review"]}, "then": "review"},
    {"name": "large", "when": {"amount": {"USD": 50_000, "JPY": 90_000}}, "then": "review"},
    {"name": "many of one customer", "when": {"orders_of_customer": 3}, "then": "review"},
    {"name": "many to one address", "when": {"orders_to_address": 3}, "then": "decline"},
]


@pytest.fixture(scope="module")
async def strict(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("strict")
    policy = folder / "risk.json"
    policy.write_text(json.dumps({"window": "PT12H", "rules": RULES}))
    url = await migrated(postgres_url, "strict")
    chosen = {"review_expired": "release", "authorize_within": timedelta(days=7)}
    async with world(url, folder, risk_policy_file=policy, **chosen) as running:
        yield running


async def place(service: World, sku: str, units: int = 1, **changes: Any) -> str:
    """An order of a customer and to an address of its own, unless it is said whose and where."""
    name = uuid4().hex
    body = service.body((sku, units))
    fresh = {
        "customer": body["customer"] | {"id": changes.pop("customer", name)},
        "ship_to": body["ship_to"] | {"line1": changes.pop("street", name)},
    }
    return await service.place((sku, units), **fresh | changes)


async def decided(service: World, order_id: str, verdict: str) -> dict[str, Any]:
    """What was looked at, once it was decided so."""
    await service.told(order_id, f"risk.{verdict}")
    (data,) = [one["data"] for one in await service.events(order_id) if one["type"].startswith("risk.")]
    async with service.database() as connection:
        found = await connection.execute(select(risk_decisions).where(risk_decisions.c.order_id == order_id))
        row = found.one()
    assert (row.verdict, {"rule": row.rule, **row.facts}) == (verdict, data)
    return dict(data)


async def test_an_ordinary_payment_is_accepted_and_the_order_lives(strict: World) -> None:
    sku = await strict.sku(north=1)
    order_id = await place(strict, sku)

    order = await strict.until(order_id, "in_fulfillment")

    facts = await decided(strict, order_id, "accepted")
    assert facts == {
        "rule": None, "risk": "normal", "avs": facts["avs"], "cvc": facts["cvc"], "amount": 1500,
        "three_d_secure": facts["three_d_secure"], "currency": "USD", "orders_of_customer": 1,
        "orders_to_address": 1,
    }  # fmt: skip
    await strict.ship(at(order, "north")["id"])
    await strict.paid(order_id)
    assert await strict.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await strict.level("north", sku) == (0, 0)


@pytest.mark.parametrize(
    ("token", "rule"), [("tok_avs_fails", "wrong address"), ("tok_elevated", "elevated")]
)
async def test_a_doubtful_signal_makes_a_review(strict: World, token: str, rule: str) -> None:
    sku = await strict.sku(north=1)
    order_id = await place(strict, sku, token=token)

    order = await strict.until(order_id, "on_hold")

    assert (await decided(strict, order_id, "review"))["rule"] == rule
    assert (order["payment_status"], [hold["type"] for hold in order["holds"]]) == ("review", ["review"])
    assert await strict.level("north", sku) == (1, 0)
    await strict.cancel(order_id)


@pytest.mark.parametrize(
    ("token", "rule"), [("tok_cvc_fails", "wrong code"), ("tok_highest_risk", "highest")]
)
async def test_a_bad_signal_cancels_the_order_and_lets_the_money_go(
    strict: World, token: str, rule: str
) -> None:
    sku = await strict.sku(north=1)
    order_id = await place(strict, sku, token=token)

    order = await strict.until(order_id, lambda o: o["closed_at"] is not None)

    assert (await decided(strict, order_id, "declined"))["rule"] == rule
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await strict.books(order_id) == [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")]
    assert await strict.level("north", sku) == (1, 0)
    events = {one["type"]: one["data"] for one in await strict.events(order_id)}
    assert events["order.cancelled"]["reason"] == "risk_declined"
    await strict.bring(order_id, "tok_ok", status=409)


async def test_a_large_amount_is_reviewed_by_its_currency(strict: World) -> None:
    sku = await strict.sku(north=200)
    large = await place(strict, sku, 50)
    in_yen = await place(strict, sku, 50, currency="JPY")

    await strict.until(large, "on_hold")
    await strict.until(in_yen, "in_fulfillment")

    assert (await decided(strict, large, "review"))["rule"] == "large"
    assert (await decided(strict, in_yen, "accepted"))["currency"] == "JPY"
    for order_id in (large, in_yen):
        await strict.cancel(order_id)


async def test_too_many_orders_of_one_customer_are_reviewed_within_the_window_only(strict: World) -> None:
    sku = await strict.sku(north=9)
    customer = uuid4().hex
    long_ago = (datetime.now(UTC) - timedelta(hours=13)).isoformat()
    orders = [await place(strict, sku, customer=customer, placed_at=long_ago) for _ in range(2)]
    orders += [await place(strict, sku, customer=customer) for _ in range(2)]
    for order_id in orders:
        await strict.until(order_id, "in_fulfillment")

    third = await place(strict, sku, customer=customer)

    await strict.until(third, "on_hold")
    facts = await decided(strict, third, "review")
    assert (facts["rule"], facts["orders_of_customer"]) == ("many of one customer", 3)
    for order_id in [*orders, third]:
        await strict.cancel(order_id)


async def test_of_orders_that_come_at_once_to_one_address_never_too_many_are_accepted(strict: World) -> None:
    sku = await strict.sku(north=20)
    street = uuid4().hex

    orders = await asyncio.gather(*(place(strict, sku, street=street) for _ in range(8)))

    for order_id in orders:
        await strict.until(order_id, lambda o: o["payment_status"] in {"authorized", "voided"})
    verdicts = [
        one["type"]
        for order_id in orders
        for one in await strict.events(order_id)
        if one["type"].startswith("risk.")
    ]
    assert len(verdicts) == 8
    assert verdicts.count("risk.accepted") <= 2
    for order_id in orders:
        if (await strict.order(order_id))["status"] != "cancelled":
            await strict.cancel(order_id)


async def test_a_review_that_nobody_answers_is_released_where_the_policy_says_so(strict: World) -> None:
    sku = await strict.sku(north=1)
    order_id = await place(strict, sku, token="tok_review")
    await strict.until(order_id, "on_hold")

    await strict.skip(order_id, timedelta(hours=72, minutes=1))

    order = await strict.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    assert {"then": "release"} in [one["data"] for one in await strict.events(order_id)]
    await strict.ship(at(order, "north")["id"])
    await strict.paid(order_id)
    assert await strict.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await strict.level("north", sku) == (0, 0)


async def test_what_our_own_rules_doubt_is_judged_at_once_however_far_off_its_supply_is(
    strict: World,
) -> None:
    sku = await strict.sku()
    plain = await place(strict, sku)
    await strict.until(plain, "awaiting_stock")
    assert await strict.books(plain) == []

    doubted = await place(strict, sku, 50)

    order = await strict.until(doubted, "on_hold")
    assert order["payment_status"] == "review"
    assert (await decided(strict, doubted, "review"))["rule"] == "large"
    assert "payment.postponed" not in await strict.history(doubted)
