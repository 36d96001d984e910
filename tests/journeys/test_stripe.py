"""Orders that are paid at Stripe, over the Stripe-shaped server: our money, and Stripe's books."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from adapters.db.tables import payment_intents
from tests.adapters.payments.running_psp import running
from tests.adapters.payments.stripe_bench import SECRET, StripeBench
from tests.adapters.payments.stripe_shaped import intents, refunds
from tests.adapters.payments.stripe_shaped.account import Account
from tests.adapters.payments.stripe_shaped.server import StripeShaped
from tests.journeys.conftest import copied
from tests.world import World, at, world


@pytest.fixture(scope="module")
async def stripe() -> AsyncIterator[StripeBench]:
    account = Account()
    async with running(StripeShaped(account, 0).app()) as url, httpx.AsyncClient() as http:
        yield StripeBench(account, http, url)


@pytest.fixture(scope="module")
async def shop(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, stripe: StripeBench
) -> AsyncIterator[World]:
    settings = {
        "stripe_api_key": stripe.account.secret_key,
        "stripe_url": stripe.url,
        "stripe_webhook_secret": SECRET,
        "stripe_return_url": "https://shop.example/paid",
    }
    url = await copied(postgres_url, "paid_at_stripe")
    async with world(url, tmp_path_factory.mktemp("stripe"), **settings) as service:
        yield service


async def books(stripe: StripeBench, order_id: str, entries: int) -> list[tuple[str, int]]:
    """What Stripe has booked of an order, by kind, as soon as there are so many entries."""
    now, around = datetime.now(UTC), timedelta(days=1)
    async with asyncio.timeout(30):
        while True:
            walk = stripe.provider.booked(now - around, now + around)
            found = [one async for one in walk if one.order_id == order_id and one.status == "succeeded"]
            if len(found) >= entries:
                return sorted((one.step.value, one.amount) for one in found)
            await asyncio.sleep(0.2)


async def tell(shop: World, stripe: StripeBench, order_id: str) -> list[str]:
    """Let every event about an order arrive: each twice, the newest first."""
    taken = []
    for one in await stripe.delivered(order_id):
        path = "/v1/payments/stripe/notices"
        answer = await shop.http.post(path, content=one.body, headers=dict(one.headers))
        taken.append(str(answer.raise_for_status().json()["status"]))
    return taken


async def split_order(shop: World, token: str) -> tuple[str, dict[str, Any]]:
    first, second = await shop.sku(north=1), await shop.sku(south=2)
    payment = {"provider": "stripe", "token": token}
    order_id = await shop.place((first, 1), (second, 2), payment=payment)
    return order_id, await shop.until(order_id, "in_fulfillment")


async def test_a_split_order_is_captured_in_parts_and_what_is_cancelled_is_let_go(
    shop: World, stripe: StripeBench
) -> None:
    order_id, order = await split_order(shop, "pm_card_visa")
    await shop.ship(at(order, "north")["id"])
    await shop.until(order_id, lambda one: one["totals"]["captured"] == 1500)
    await shop.cancel(order_id, ("2", 1))
    work = at(await shop.order(order_id), "south")
    await shop.ship(work["id"], version=work["version"])

    assert await books(stripe, order_id, 4) == [
        ("authorize", 3500),
        ("capture", 1000),
        ("capture", 1500),
        ("void", 1000),
    ]
    order = await shop.paid(order_id)
    assert "applied" not in await tell(shop, stripe, order_id)
    assert (await shop.order(order_id))["totals"] == order["totals"]


async def test_a_customer_who_confirms_at_their_bank_has_paid(shop: World, stripe: StripeBench) -> None:
    sku, token = await shop.sku(north=1), stripe.account.issue_to_customer(authenticates=True)
    order_id = await shop.place((sku, 1), payment={"provider": "stripe", "token": token})
    order = await shop.until(order_id, lambda one: one["payment_status"] == "action_required")
    reference = order["payment_action"]["url"].rpartition("/")[2]

    intents.end_action(stripe.account, reference, passed=True)
    taken = await tell(shop, stripe, order_id)

    assert taken.count("applied") == 1
    await shop.until(order_id, "in_fulfillment")
    await shop.deliver(order_id)
    order = await shop.paid(order_id)
    assert order["totals"]["captured"] == 1500
    assert await books(stripe, order_id, 2) == [("authorize", 1500), ("capture", 1500)]


async def test_a_card_that_is_captured_once_is_authorized_again_for_the_rest(
    shop: World, stripe: StripeBench
) -> None:
    order_id, order = await split_order(shop, stripe.account.issue_to_customer(multicapture=False))
    await shop.ship(at(order, "north")["id"])
    await shop.until(order_id, lambda one: one["totals"]["captured"] == 1500)

    await shop.ship(at(order, "south")["id"])

    order = await shop.paid(order_id)
    assert order["totals"]["captured"] == 3500
    assert await books(stripe, order_id, 4) == [
        ("authorize", 2000),
        ("authorize", 3500),
        ("capture", 1500),
        ("capture", 2000),
    ]


async def test_the_days_settlement_finds_no_difference(shop: World, stripe: StripeBench) -> None:
    sku = await shop.sku(north=2)
    order_id = await shop.place((sku, 2), payment={"provider": "stripe", "token": "pm_card_visa"})
    await shop.until(order_id, "in_fulfillment")
    await shop.deliver(order_id)
    await shop.paid(order_id)

    settled = await shop.get("admin", f"/v1/settlements/{datetime.now(UTC).date()}?provider=stripe")

    assert settled["differences"] == []
    assert {total["step"] for total in settled["totals"]} >= {"authorize", "capture"}


async def test_a_refund_that_fails_after_it_succeeded_is_owed_again(shop: World, stripe: StripeBench) -> None:
    token = stripe.account.issue_to_customer(refunds="fails_after_success")
    order_id = await shop.place((await shop.sku(north=1), 1), payment={"provider": "stripe", "token": token})
    await shop.until(order_id, "in_fulfillment")
    await shop.deliver(order_id)
    await shop.paid(order_id)
    await shop.give(order_id, 500)
    await shop.until(order_id, lambda one: one["totals"]["refunded"] == 500)
    (refund,) = [one for one in stripe.account.of_kind("refund") if one["metadata"]["order_id"] == order_id]
    refunds.settle(stripe.account, refund["id"])

    taken = await tell(shop, stripe, order_id)

    assert taken.count("applied") == 1
    order = await shop.order(order_id)
    assert (order["attention"]["reason"], order["totals"]["refunded"]) == ("refund_failed", 0)
    today = datetime.now(UTC).date()
    settled = await shop.get("admin", f"/v1/settlements/{today}?provider=stripe")
    assert settled["differences"] == []
    await shop.attend(order_id, "skip")
    assert (await shop.order(order_id))["totals"]["refund_due"] == 0


async def test_a_refund_that_took_days_belongs_to_the_day_it_was_asked_for(
    shop: World, stripe: StripeBench
) -> None:
    token = stripe.account.issue_to_customer(refunds="pending")
    order_id = await shop.place((await shop.sku(north=1), 1), payment={"provider": "stripe", "token": token})
    await shop.until(order_id, "in_fulfillment")
    await shop.deliver(order_id)
    await shop.paid(order_id)
    await shop.give(order_id, 500)
    await shop.told(order_id, "payment.refund_pending")
    await asked_days_ago(shop, stripe, order_id, timedelta(days=5))
    await tell(shop, stripe, order_id)
    await shop.until(order_id, lambda one: one["totals"]["refunded"] == 500)
    today = datetime.now(UTC).date()

    now = await shop.get("admin", f"/v1/settlements/{today}?provider=stripe")
    then = await shop.get("admin", f"/v1/settlements/{today - timedelta(days=5)}?provider=stripe")

    assert now["differences"] == then["differences"] == []
    assert [(one["step"], one["ours"], one["theirs"]) for one in then["totals"]] == [
        ("refund", {"count": 1, "amount": 500, "fees": 0}, {"count": 1, "amount": 500, "fees": 0})
    ]


async def asked_days_ago(shop: World, stripe: StripeBench, order_id: str, ago: timedelta) -> None:
    """Let an order's refund be one that was asked for so long ago, and is decided just now."""
    (refund,) = [one for one in stripe.account.of_kind("refund") if one["metadata"]["order_id"] == order_id]
    refund["created"] -= int(ago.total_seconds())
    refunds.settle(stripe.account, refund["id"])
    async with shop.database() as connection:
        await connection.execute(
            update(payment_intents)
            .where(payment_intents.c.order_id == order_id, payment_intents.c.step == "refund")
            .values(created_at=payment_intents.c.created_at - ago)
        )
