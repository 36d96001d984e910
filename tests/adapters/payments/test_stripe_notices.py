"""Stripe's events: which of them are news of an effect of ours, and what each says whenever it comes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.payments.stripe_payments.notices import read_notice
from domain.payment import (
    ActionRequired,
    Declined,
    MoneyStep,
    NoticeRefused,
    PaymentNotice,
    Pending,
    Succeeded,
)
from tests.adapters.payments.payer import Payer
from tests.adapters.payments.stripe_bench import SECRET, StripeBench
from tests.adapters.payments.stripe_shaped.deliveries import signed
from tests.adapters.payments.stripe_shaped.intents import end_action, expire
from tests.adapters.payments.stripe_shaped.refunds import settle


def news(bench: StripeBench, order_id: str) -> dict[str, PaymentNotice]:
    """What each event about an order tells, by its type; events that tell nothing are left out."""
    read = {}
    for event in bench.account.events:
        if event["data"]["object"]["metadata"].get("order_id") == order_id:
            notice = tell(event)
            if notice is not None:
                read[str(event["type"])] = notice
    return read


def tell(event: dict[str, Any]) -> PaymentNotice | None:
    delivery = signed(SECRET, json.dumps(event).encode(), datetime.now(UTC))
    return read_notice(delivery.headers, delivery.body, SECRET)


async def test_an_authorization_is_told_by_its_charge(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa")
    request = payer.request(MoneyStep.AUTHORIZE, 1000)

    answer = await stripe_bench.provider.execute(request)

    told = news(stripe_bench, payer.order_id)
    assert list(told) == ["charge.succeeded"]
    notice = told["charge.succeeded"]
    assert (notice.step, notice.idempotency_key) == (MoneyStep.AUTHORIZE, request.idempotency_key)
    assert notice.answer == answer


async def test_a_declined_authorization_is_told_once(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, stripe_bench.tokens.declined)

    answer = await payer.authorize(1000)

    told = news(stripe_bench, payer.order_id)
    assert {kind: notice.answer for kind, notice in told.items()} == {"payment_intent.payment_failed": answer}


async def test_captures_are_answered_and_not_told(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa")
    await payer.authorize(1000)
    await payer.capture(400)
    await payer.capture(600, final=True)

    assert list(news(stripe_bench, payer.order_id)) == ["charge.succeeded"]


@pytest.mark.parametrize(
    ("captured", "kind"), [(0, "payment_intent.canceled"), (400, "payment_intent.succeeded")]
)
async def test_a_void_is_told_with_its_key(stripe_bench: StripeBench, captured: int, kind: str) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa")
    await payer.authorize(1000)
    if captured:
        await payer.capture(captured)
    request = payer.request(MoneyStep.VOID, 1000 - captured)

    answer = await stripe_bench.provider.execute(request)

    notice = news(stripe_bench, payer.order_id)[kind]
    assert (notice.step, notice.idempotency_key) == (MoneyStep.VOID, request.idempotency_key)
    assert notice.answer == answer


async def test_an_authorization_that_lapses_is_no_news(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa")
    await payer.authorize(1000)
    before = len(stripe_bench.account.events)
    charge = stripe_bench.account.objects[str(payer.authorization)]["latest_charge"]
    details = stripe_bench.account.objects[charge]["payment_method_details"]["card"]
    details["capture_before"] = stripe_bench.account.now()

    expire(stripe_bench.account)

    kinds = [event["type"] for event in stripe_bench.account.events[before:]]
    assert kinds == ["charge.expired", "charge.refunded", "payment_intent.canceled"]
    assert list(news(stripe_bench, payer.order_id)) == ["charge.succeeded"]


async def test_an_intent_given_up_before_its_customer_confirmed_is_declined(
    stripe_bench: StripeBench,
) -> None:
    payer = Payer(stripe_bench.provider, stripe_bench.tokens.action)
    request = payer.request(MoneyStep.AUTHORIZE, 1000)
    required = await stripe_bench.provider.execute(request)
    assert isinstance(required, ActionRequired)
    intent = stripe_bench.account.objects[required.reference]
    intent |= {"status": "canceled", "cancellation_reason": "automatic"}
    stripe_bench.account.tell("payment_intent.canceled", intent)

    (notice,) = news(stripe_bench, payer.order_id).values()

    assert (notice.step, notice.idempotency_key) == (MoneyStep.AUTHORIZE, request.idempotency_key)
    assert notice.answer == Declined("authorization_canceled", hard=True)


async def test_events_that_overtake_each_other_tell_what_was_true_of_each(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, stripe_bench.tokens.action)
    required = await stripe_bench.provider.execute(payer.request(MoneyStep.AUTHORIZE, 1000))
    assert isinstance(required, ActionRequired)
    end_action(stripe_bench.account, required.reference, passed=True)
    payer.authorization = required.reference
    await payer.void(1000)

    deliveries = await stripe_bench.delivered(payer.order_id)
    read = [stripe_bench.provider.read_notice(one.headers, one.body) for one in deliveries]
    told = [(one.step, type(one.answer)) for one in read if one]

    void, authorized = (MoneyStep.VOID, Succeeded), (MoneyStep.AUTHORIZE, Succeeded)
    assert told == [void, void, authorized, authorized]
    assert len({one.event_id for one in read if one}) == 2


async def test_a_refund_that_fails_after_it_had_succeeded_is_told(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_refundFail")
    await payer.authorize(1000)
    await payer.capture(1000, final=True)
    request = payer.request(MoneyStep.REFUND, 300)

    answer = await stripe_bench.provider.execute(request)
    assert isinstance(answer, Succeeded)
    settle(stripe_bench.account, answer.reference)

    told = news(stripe_bench, payer.order_id)
    assert told["refund.created"].answer == answer
    assert told["refund.failed"].answer == Declined("expired_or_canceled_card", hard=False)
    assert told["refund.failed"].idempotency_key == request.idempotency_key


async def test_a_refund_that_waits_is_no_news(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, stripe_bench.tokens.refunded_later)
    await payer.authorize(1000)
    await payer.capture(1000, final=True)

    assert isinstance(await payer.refund(300), Pending)

    assert "refund.created" not in news(stripe_bench, payer.order_id)


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("customer.created", {"object": "customer", "id": "cus_1"}),
        ("charge.succeeded", {"object": "charge", "id": "ch_1", "metadata": {}}),
        ("charge.succeeded", {"object": "charge", "id": "ch_1"}),
        (
            "payment_intent.canceled",
            {"object": "payment_intent", "id": "pi_1", "metadata": {"order_id": "1"}},
        ),
        ("payment_intent.payment_failed", {"object": "payment_intent", "id": "pi_1", "metadata": {}}),
        ("refund.updated", {"object": "refund", "id": "re_1", "status": "succeeded", "metadata": {}}),
    ],
)
def test_what_is_not_ours_is_no_news(kind: str, about: dict[str, Any]) -> None:
    event = {"id": "evt_1", "object": "event", "type": kind, "created": 1, "data": {"object": about}}

    assert tell(event) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"data": {}},
        {"data": None},
        {"created": "yesterday"},
        {"created": 10**20},
        {"id": None, "data": {"object": {"object": "charge", "metadata": {"authorize": "key"}}}},
        {"type": "refund.updated", "data": {"object": {"object": "refund", "metadata": {"refund": "key"}}}},
        {"object": "v2.core.event"},
    ],
)
def test_a_signed_event_that_is_not_whole_is_unreadable(broken: dict[str, Any]) -> None:
    about = {"object": "charge", "id": "ch_1", "payment_intent": "pi_1", "metadata": {"authorize": "key"}}
    event = {"id": "evt_1", "object": "event", "type": "charge.succeeded", "created": 1}

    assert tell(event | {"data": {"object": about}}) is not None
    with pytest.raises(ValueError, match=r".*"):
        tell(event | {"data": {"object": about}} | broken)


def test_headers_are_found_however_they_are_written() -> None:
    delivery = signed(
        SECRET, b'{"id": "evt_1", "object": "event", "type": "x", "data": {"object": {}}}', datetime.now(UTC)
    )
    (signature,) = delivery.headers.values()

    for name in ("stripe-signature", "STRIPE-SIGNATURE"):
        assert read_notice({"Host": "shop", name: signature}, delivery.body, SECRET) is None


@pytest.mark.parametrize("signature", ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=é", "junk", "t=1,v0=00"])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    with pytest.raises(NoticeRefused):
        read_notice({"Stripe-Signature": signature}, b"{}", SECRET)


def test_another_endpoints_secret_and_an_old_event_are_refused() -> None:
    body, now = b'{"id": "evt_1", "object": "event"}', datetime.now(UTC)
    strange, stale = signed("whsec_other", body, now), signed(SECRET, body, now - timedelta(minutes=6))

    for delivery in (strange, stale):
        with pytest.raises(NoticeRefused):
            read_notice(delivery.headers, delivery.body, SECRET)
