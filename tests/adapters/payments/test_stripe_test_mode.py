"""The adapter against Stripe's own test mode, where a test key is given: it alone knows what Stripe does."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import httpx
import pytest

from adapters.payments.stripe_payments import Connection, StripePayments
from domain.payment import ActionRequired, Declined, MoneyStep, PaymentUnavailable, Succeeded
from tests.adapters.payments.contract_keys import booked
from tests.adapters.payments.payer import Payer

_KEY: Final = os.environ.get("STRIPE_TEST_KEY", "")

pytestmark = pytest.mark.skipif(
    not _KEY.startswith(("sk_test_", "rk_test_")),
    reason="no key of a Stripe account's test mode in STRIPE_TEST_KEY",
)


@pytest.fixture
async def stripe() -> AsyncIterator[StripePayments]:
    timeout = timedelta(seconds=30)
    async with httpx.AsyncClient() as http:
        connection = Connection(http, _KEY, "https://api.stripe.com", timeout)
        yield StripePayments(
            connection, timeout, notice_secret="whsec_none", return_url="https://shop.example/paid"
        )


async def test_an_order_is_paid_shipped_in_parts_and_paid_back(stripe: StripePayments) -> None:
    payer = Payer(stripe, "pm_card_visa")
    authorized = await payer.authorize(1000)
    assert isinstance(authorized, Succeeded)
    assert authorized.expires_at is not None
    capture = payer.request(MoneyStep.CAPTURE, 400)

    captured = await stripe.execute(capture)
    assert isinstance(captured, Succeeded)
    assert await stripe.execute(capture) == await stripe.look_up(capture) == captured
    with pytest.raises(PaymentUnavailable):
        await stripe.execute(replace(capture, amount=401))
    assert await payer.capture(601) in [
        Declined("amount_exceeds_authorization", hard=True),
        Declined("authorization_closed", hard=True),  # the account has no multicapture
    ]

    assert await payer.refund(401) == Declined("amount_exceeds_captured", hard=True)
    refund = payer.request(MoneyStep.REFUND, 400)
    refunded = await stripe.execute(refund)
    assert isinstance(refunded, Succeeded)
    assert await stripe.execute(refund) == await stripe.look_up(refund) == refunded
    effects = {one.idempotency_key: one for one in await booked(stripe, payer.order_id)}
    assert effects[capture.idempotency_key].amount == effects[refund.idempotency_key].amount == 400
    assert effects[capture.idempotency_key].fee == captured.fee


@pytest.mark.parametrize("captured", [0, 400])
async def test_what_is_left_is_let_go(stripe: StripePayments, captured: int) -> None:
    payer = Payer(stripe, "pm_card_visa")
    await payer.authorize(1000)
    if captured:
        await payer.capture(captured, final=True)
    void = payer.request(MoneyStep.VOID, 1000 - captured)

    answer = await stripe.execute(void)

    assert answer == await stripe.execute(void)
    assert isinstance(answer, Declined if captured else Succeeded)
    assert isinstance(await payer.capture(1), Declined)


@pytest.mark.parametrize(
    ("token", "code", "hard"),
    [
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", False),
        ("pm_card_visa_chargeDeclinedLostCard", "lost_card", True),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", True),
        ("pm_of_nobody", "unknown_token", True),
    ],
)
async def test_a_refusal_has_its_code(stripe: StripePayments, token: str, code: str, hard: bool) -> None:  # noqa: FBT001 (a column of the table)
    request = Payer(stripe, token).request(MoneyStep.AUTHORIZE, 1000)

    answer = await stripe.execute(request)

    assert isinstance(answer, Declined)
    assert (answer.code, answer.hard) == (code, hard)
    assert await stripe.execute(request) == answer


async def test_a_customer_is_sent_to_their_bank(stripe: StripePayments) -> None:
    payer = Payer(stripe, "pm_card_authenticationRequired")
    request = payer.request(MoneyStep.AUTHORIZE, 1000)

    required = await stripe.execute(request)

    assert isinstance(required, ActionRequired)
    assert required.url.startswith("https://")
    assert await stripe.look_up(request) == required
    payer.authorization = required.reference
    assert isinstance(await payer.void(1000), Succeeded)
