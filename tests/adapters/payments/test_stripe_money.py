"""Captures and voids as Stripe has them: per card, in part, after the authorization's time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from domain.payment import BookedEffect, Declined, MoneyStep, Succeeded
from tests.adapters.payments.payer import Payer
from tests.adapters.payments.running_psp import running
from tests.adapters.payments.stripe_bench import StripeBench
from tests.adapters.payments.stripe_shaped.account import Account
from tests.adapters.payments.stripe_shaped.cards import decline
from tests.adapters.payments.stripe_shaped.server import StripeShaped

SINGLE = "pm_card_credit_disableEnterpriseCardFeatures"
CLOSED = Declined("authorization_closed", hard=True)
EXPIRED = Declined("authorization_expired", hard=True)
NOTHING = Declined("nothing_to_void", hard=True)
WEEK = timedelta(days=7)


@pytest.fixture
async def own(http: httpx.AsyncClient) -> AsyncIterator[StripeBench]:
    """An account of the test's own, whose clock and settings it may change."""
    account = Account()
    async with running(StripeShaped(account, 0).app()) as url:
        yield StripeBench(account, http, url)


async def booked(bench: StripeBench) -> list[BookedEffect]:
    now = datetime.fromtimestamp(bench.account.now(), UTC)
    span = timedelta(days=1)
    return [effect async for effect in bench.provider.booked(now - span, now + span)]


def done(effects: list[BookedEffect]) -> list[tuple[MoneyStep, int, int]]:
    return sorted((effect.step, effect.amount, effect.fee) for effect in effects)


async def test_a_card_without_multicapture_is_captured_once_and_then_closed(own: StripeBench) -> None:
    payer = Payer(own.provider, SINGLE)
    await payer.authorize(1000)

    assert isinstance(await payer.capture(400), Succeeded)
    assert await payer.capture(600) == CLOSED
    assert await payer.void(600) == NOTHING
    assert own.account.objects[str(payer.authorization)]["status"] == "succeeded"


async def test_each_part_of_a_multicapture_has_its_own_fee(own: StripeBench) -> None:
    payer = Payer(own.provider, "pm_card_visa")
    await payer.authorize(1000)
    requests = [payer.request(MoneyStep.CAPTURE, amount) for amount in (500, 300, 200)]

    answers = [await own.provider.execute(request) for request in requests]

    assert [answer.fee for answer in answers if isinstance(answer, Succeeded)] == [44, 39, 36]
    assert [await own.provider.look_up(request) for request in requests] == answers
    by_key = {effect.idempotency_key: (effect.amount, effect.fee) for effect in await booked(own)}
    assert [by_key[request.idempotency_key] for request in requests] == [(500, 44), (300, 39), (200, 36)]


async def test_a_void_of_nothing_captured_cancels_and_of_a_part_captured_closes(own: StripeBench) -> None:
    whole, part = Payer(own.provider, "pm_card_visa"), Payer(own.provider, "pm_card_visa")
    await whole.authorize(1000)
    await part.authorize(1000)
    await part.capture(400)

    assert isinstance(await whole.void(1000), Succeeded)
    assert isinstance(await part.void(600), Succeeded)

    states = [own.account.objects[str(payer.authorization)] for payer in (whole, part)]
    assert [(one["status"], one["amount_received"]) for one in states] == [
        ("canceled", 0),
        ("succeeded", 400),
    ]
    assert done(await booked(own)) == [
        (MoneyStep.AUTHORIZE, 1000, 0),
        (MoneyStep.AUTHORIZE, 1000, 0),
        (MoneyStep.CAPTURE, 400, 42),
        (MoneyStep.VOID, 600, 0),
        (MoneyStep.VOID, 1000, 0),
    ]


@pytest.mark.parametrize("captured", [0, 400])
async def test_a_void_is_found_under_its_key_only_and_repeated_for_ever(
    own: StripeBench, captured: int
) -> None:
    payer = Payer(own.provider, "pm_card_visa")
    await payer.authorize(1000)
    if captured:
        await payer.capture(captured)
    request = payer.request(MoneyStep.VOID, 1000 - captured)
    assert await own.provider.look_up(request) is None

    answer = await own.provider.execute(request)
    own.account.skip(timedelta(days=2))

    assert await own.provider.execute(request) == answer
    assert await own.provider.look_up(request) == answer
    assert await own.provider.look_up(payer.request(MoneyStep.VOID, 600)) is None
    assert await payer.void(600) == NOTHING


async def test_a_capture_is_repeated_when_stripe_has_forgotten_its_key(own: StripeBench) -> None:
    payer = Payer(own.provider, "pm_card_visa")
    await payer.authorize(1000)
    request = payer.request(MoneyStep.CAPTURE, 400)

    answer = await own.provider.execute(request)
    own.account.skip(timedelta(days=2))

    assert await own.provider.execute(request) == answer
    assert own.account.objects[str(payer.authorization)]["amount_received"] == 400


async def test_nothing_is_captured_after_the_authorizations_time(own: StripeBench) -> None:
    never, part = Payer(own.provider, "pm_card_visa"), Payer(own.provider, "pm_card_visa")
    await never.authorize(1000)
    await part.authorize(1000)
    await part.capture(400)

    own.account.skip(WEEK)

    assert await never.capture(1000) == EXPIRED
    assert await never.void(1000) == EXPIRED
    assert await part.capture(600) == CLOSED
    assert await part.void(600) == NOTHING
    assert isinstance(await part.refund(400), Succeeded)
    assert not [effect for effect in await booked(own) if effect.step is MoneyStep.VOID]


async def test_a_capture_that_the_cards_issuer_refuses_is_declined(own: StripeBench) -> None:
    too_late = {"code": "capture_charge_authorization_expired"}
    token = own.account.issue(capture_declines=[decline("do_not_honor"), too_late])
    payer = Payer(own.provider, token)
    await payer.authorize(1000)
    request = payer.request(MoneyStep.CAPTURE, 1000, final=True)

    refused = await own.provider.execute(request)

    assert refused == Declined("do_not_honor", hard=False)
    assert await own.provider.execute(request) == refused
    assert await own.provider.look_up(request) is None
    assert await payer.capture(1000) == EXPIRED
    assert isinstance(await payer.capture(1000), Succeeded)


async def test_an_authorization_is_found_by_search_and_among_the_newest(own: StripeBench) -> None:
    payer = Payer(own.provider, "pm_card_visa")
    request = payer.request(MoneyStep.AUTHORIZE, 1000)
    answer = await own.provider.execute(request)
    newer = [Payer(own.provider, "pm_card_visa") for _ in range(101)]
    await asyncio.gather(*[payer.authorize(1000) for payer in newer])

    assert await own.provider.look_up(request) == answer
    own.account.skip(timedelta(hours=30))
    assert await own.provider.look_up(request) == answer
    assert len([one for one in await booked(own) if one.order_id == payer.order_id]) == 0


async def test_books_of_another_currency_tell_the_orders_amounts(own: StripeBench) -> None:
    own.account.currency, own.account.exchange_rate = "eur", 0.91
    payer = Payer(own.provider, "pm_card_visa")
    await payer.authorize(1000)

    captured = [await payer.capture(amount) for amount in (333, 667)]
    await payer.refund(333)

    assert [answer.fee for answer in captured if isinstance(answer, Succeeded)] == [0, 0]
    assert {(one.step, one.amount, one.currency) for one in await booked(own)} == {
        (MoneyStep.AUTHORIZE, 1000, "USD"),
        (MoneyStep.CAPTURE, 333, "USD"),
        (MoneyStep.CAPTURE, 667, "USD"),
        (MoneyStep.REFUND, 333, "USD"),
    }


async def test_what_was_done_by_hand_is_told_with_stripes_own_id(own: StripeBench) -> None:
    payer, other = Payer(own.provider, "pm_card_visa"), Payer(own.provider, "pm_card_visa")
    await payer.authorize(1000)
    await other.authorize(1000)
    await payer.capture(400)
    by_hand = httpx.AsyncClient(base_url=own.url, headers={"Authorization": "Bearer sk_test_of_the_suite"})

    async def post(path: str, **data: object) -> str:
        answer = await by_hand.post(f"/v1/{path}", data=data, headers={"Idempotency-Key": path})
        return str(answer.raise_for_status().json()["id"])

    async with by_hand:
        await post(f"payment_intents/{payer.authorization}/capture", amount_to_capture=600)
        refund = await post("refunds", payment_intent=payer.authorization, amount=250)
        cancelled = await post(f"payment_intents/{other.authorization}/cancel")

    effects = await booked(own)
    known = {f"{payer.order_id}:", f"{other.order_id}:"}
    strange = [one for one in effects if not any(one.idempotency_key.startswith(ours) for ours in known)]
    assert [(one.step, one.amount) for one in strange] == [
        (MoneyStep.CAPTURE, 600),
        (MoneyStep.VOID, 1000),
        (MoneyStep.REFUND, 250),
    ]
    assert {one.idempotency_key for one in strange} > {refund, cancelled}
    assert len(effects) == 6


async def test_the_books_of_a_busy_day_are_walked_through_in_pages(own: StripeBench) -> None:
    payers = [Payer(own.provider, "pm_card_visa") for _ in range(105)]
    await asyncio.gather(*[payer.authorize(1000) for payer in payers])

    effects = await booked(own)

    assert len(effects) == len({effect.idempotency_key for effect in effects}) == 105
