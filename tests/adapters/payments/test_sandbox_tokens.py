"""Each scripted token, over the wire."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.payments.sandbox import SandboxPayments
from domain.payment import Declined, MoneyStep, PaymentRequest, PaymentUnavailable, Succeeded
from tests.adapters.payments.payer import Books, Payer

PayerWith = Callable[[str], Payer]


@pytest.fixture
def payer_with(payments: SandboxPayments) -> PayerWith:
    return lambda token: Payer(payments, token)


async def test_an_unknown_token_is_declined_for_good(payer_with: PayerWith, books: Books) -> None:
    payer = payer_with("tok_of_nobody")

    assert await payer.authorize(1000) == Declined("unknown_token", hard=True)
    assert [row["status"] for row in await books(payer.order_id)] == ["declined"]


async def test_insufficient_funds_decline_once_softly(payer_with: PayerWith) -> None:
    payer = payer_with("tok_insufficient_then_ok")
    first = payer.request(MoneyStep.AUTHORIZE, 1000)
    declined = Declined("insufficient_funds", hard=False)

    assert await payer.provider.execute(first) == declined
    assert isinstance(await payer.authorize(1000), Succeeded)
    assert await payer.provider.execute(first) == declined


async def test_an_order_is_granted_one_authorization_and_no_more(payer_with: PayerWith) -> None:
    payer = payer_with("tok_ok_once")
    first = payer.request(MoneyStep.AUTHORIZE, 1000)

    granted = await payer.provider.execute(first)

    assert isinstance(granted, Succeeded)
    assert await payer.authorize(500) == Declined("insufficient_funds", hard=False)
    assert await payer.provider.execute(first) == granted


async def test_parallel_orders_do_not_disturb_each_other(payer_with: PayerWith) -> None:
    payers = [payer_with("tok_insufficient_then_ok") for _ in range(20)]

    first = await asyncio.gather(*[payer.authorize(1000) for payer in payers])
    second = await asyncio.gather(*[payer.authorize(1000) for payer in payers])

    assert all(isinstance(answer, Declined) for answer in first)
    assert all(isinstance(answer, Succeeded) for answer in second)


async def test_a_review_is_authorized_and_told(payer_with: PayerWith) -> None:
    answer = await payer_with("tok_review").authorize(1000)

    assert isinstance(answer, Succeeded)
    assert answer.signals.risk == "review"


async def test_an_outage_lasts_three_calls_of_each_key(payer_with: PayerWith, books: Books) -> None:
    payer = payer_with("tok_down_3")
    authorize = payer.request(MoneyStep.AUTHORIZE, 1000)
    for _ in range(3):
        with pytest.raises(PaymentUnavailable):
            await payer.provider.execute(authorize)
    assert await books(payer.order_id) == []
    authorized = await payer.provider.execute(authorize)
    assert isinstance(authorized, Succeeded)

    payer.authorization = authorized.reference
    capture = payer.request(MoneyStep.CAPTURE, 1000)
    for _ in range(3):
        with pytest.raises(PaymentUnavailable):
            await payer.provider.execute(capture)
    assert isinstance(await payer.provider.execute(capture), Succeeded)


async def test_an_authorization_that_expires_soon_is_refused_afterwards(
    payer_with: PayerWith, books: Books
) -> None:
    payer = payer_with("tok_expires_soon")
    asked_at = datetime.now(UTC)
    answer = await payer.authorize(1000)
    assert isinstance(answer, Succeeded)
    assert answer.expires_at is not None
    assert answer.expires_at.tzinfo is UTC
    assert answer.expires_at - asked_at < timedelta(seconds=5)

    await asyncio.sleep((answer.expires_at - datetime.now(UTC)).total_seconds() + 0.05)

    expired = Declined("authorization_expired", hard=True)
    assert await payer.capture(1000) == expired
    assert await payer.void(1000) == expired
    assert [row["status"] for row in await books(payer.order_id)] == [
        "succeeded",
        "failed",
        "failed",
    ]


async def test_only_the_first_capture_key_of_an_order_is_refused(payer_with: PayerWith) -> None:
    payer = payer_with("tok_capture_fails")
    await payer.authorize(1000)
    first = payer.request(MoneyStep.CAPTURE, 600)
    refused = Declined("capture_refused", hard=False)

    assert await payer.provider.execute(first) == refused
    assert isinstance(await payer.capture(600), Succeeded)
    assert isinstance(await payer.capture(400), Succeeded)
    assert await payer.provider.execute(first) == refused


async def test_a_late_answer_has_its_effect_in_time(
    payments: SandboxPayments, hasty_payments: SandboxPayments, books: Books
) -> None:
    payer = Payer(payments, "tok_timeout_once")
    steps = [MoneyStep.AUTHORIZE, MoneyStep.CAPTURE, MoneyStep.VOID, MoneyStep.REFUND]

    for step in steps:
        amount = 1000 if step is MoneyStep.AUTHORIZE else 400
        await _answered_late(payer, hasty_payments, payer.request(step, amount))

    rows = await books(payer.order_id)
    assert [(row["kind"], row["amount"]) for row in rows] == list(
        zip(steps, [1000, 400, 600, 400], strict=True)
    )


async def _answered_late(payer: Payer, hasty: SandboxPayments, request: PaymentRequest) -> None:
    with pytest.raises(PaymentUnavailable):
        await hasty.execute(request)
    started = time.monotonic()

    answer = await payer.provider.execute(request)  # the first call still sleeps

    assert isinstance(answer, Succeeded)
    assert time.monotonic() - started < 1.2
    if request.step is MoneyStep.AUTHORIZE:
        payer.authorization = answer.reference


async def test_a_late_answer_is_the_answer_of_its_repeats(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_timeout_once")
    request = payer.request(MoneyStep.AUTHORIZE, 1000)

    first, *others = await asyncio.gather(*[payments.execute(request) for _ in range(5)])

    assert all(other == first for other in others)
