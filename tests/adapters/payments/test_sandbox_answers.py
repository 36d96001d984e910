"""What the provider says with a yes or a no: signals, advice, fees, ends."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from adapters.payments.sandbox import SANDBOX_SINGLE, SandboxPayments
from adapters.payments.sandbox_service import FeeRule
from domain.payment import Advice, Check, Declined, MoneyStep, RiskLevel, Signals, Succeeded
from tests.adapters.payments.conftest import FEES, PATIENT
from tests.adapters.payments.contract_keys import booked
from tests.adapters.payments.payer import Payer

PASSED, FAILED = Check.PASSED, Check.FAILED


@pytest.mark.parametrize(
    ("token", "signals"),
    [
        ("tok_ok", Signals(RiskLevel.NORMAL, PASSED, PASSED, Check.NOT_MADE)),
        ("tok_review", Signals(RiskLevel.REVIEW, PASSED, PASSED, Check.NOT_MADE)),
        ("tok_elevated", Signals(RiskLevel.ELEVATED, PASSED, PASSED, Check.NOT_MADE)),
        ("tok_highest_risk", Signals(RiskLevel.HIGHEST, PASSED, PASSED, Check.NOT_MADE)),
        ("tok_avs_fails", Signals(RiskLevel.NORMAL, FAILED, PASSED, Check.NOT_MADE)),
        ("tok_cvc_fails", Signals(RiskLevel.NORMAL, PASSED, FAILED, Check.NOT_MADE)),
    ],
)
async def test_an_authorization_tells_how_far_it_can_be_trusted(
    payments: SandboxPayments, token: str, signals: Signals
) -> None:
    answer = await Payer(payments, token).authorize(1000)

    assert isinstance(answer, Succeeded)
    assert answer.signals == signals


async def test_a_card_that_is_never_to_be_tried_again_stays_declined(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_never_again")
    stolen = Declined("stolen_card", hard=True, advice=Advice.NEVER_AGAIN)

    assert [await payer.authorize(1000) for _ in range(3)] == [stolen] * 3


async def test_a_card_to_be_tried_later_is_declined_twice(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_try_later")
    first = payer.request(MoneyStep.AUTHORIZE, 1000)
    later = Declined("issuer_unavailable", hard=False, advice=Advice.TRY_LATER)

    assert await payments.execute(first) == later
    assert await payer.authorize(1000) == later
    assert isinstance(await payer.authorize(1000), Succeeded)
    assert await payments.execute(first) == later


async def test_only_the_first_refund_key_of_an_order_is_refused(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_refund_fails")
    await payer.authorize(1000)
    assert isinstance(await payer.capture(1000), Succeeded)
    first = payer.request(MoneyStep.REFUND, 600)
    refused = Declined("refund_refused", hard=False)

    assert await payments.execute(first) == refused
    assert isinstance(await payer.refund(600), Succeeded)
    assert isinstance(await payer.refund(400), Succeeded)
    assert await payments.execute(first) == refused


async def test_a_capture_may_release_the_rest_though_nobody_was_told(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_single_capture")
    await payer.authorize(1000)

    assert isinstance(await payer.capture(400), Succeeded)
    assert await payer.capture(600) == Declined("authorization_closed", hard=True)
    assert await payer.void(600) == Declined("nothing_to_void", hard=True)


async def test_an_authorization_may_last_a_week(payments: SandboxPayments) -> None:
    asked_at = datetime.now(UTC)

    answer = await Payer(payments, "tok_valid_7_days").authorize(1000)

    assert isinstance(answer, Succeeded)
    assert answer.expires_at is not None
    assert timedelta(0) <= answer.expires_at - asked_at - timedelta(days=7) < timedelta(seconds=5)


async def test_the_fee_of_a_capture_is_told_and_booked(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_ok")
    authorized = await payer.authorize(1000)
    captured = await payer.capture(1000)
    refunded = await payer.refund(1000)

    fees = [answer.fee for answer in (authorized, captured, refunded) if isinstance(answer, Succeeded)]
    assert fees == [0, FEES.of(1000), 0]
    assert [effect.fee for effect in await booked(payments, payer.order_id)] == fees


@pytest.mark.parametrize(
    ("rule", "amount", "fee"),
    [
        (FeeRule(), 1000, 0),
        (FeeRule(29, 30), 1000, 59),
        (FeeRule(29), 17, 0),
        (FeeRule(29), 18, 1),
        (FeeRule(25), 20, 1),
        (FeeRule(0, 30), 20, 20),
    ],
)
def test_a_fee_is_rounded_half_up_and_is_no_more_than_the_amount(
    rule: FeeRule, amount: int, fee: int
) -> None:
    assert rule.of(amount) == fee


async def test_the_books_of_a_time_are_read_across_pages(
    payments: SandboxPayments, http: httpx.AsyncClient, psp_url: str
) -> None:
    payers = [Payer(payments, "tok_ok") for _ in range(201)]
    since = datetime.now(UTC)
    for payer in payers:
        await payer.authorize(1000)
    until = datetime.now(UTC)

    effects = [effect async for effect in payments.booked(since, until)]
    page = await http.get(f"{psp_url}/operations", params={"since": until.isoformat()})

    assert [effect.order_id for effect in effects] == [payer.order_id for payer in payers]
    assert page.json() == {"data": [], "next_cursor": None}


async def test_accounts_know_nothing_of_each_other(
    payments: SandboxPayments, http: httpx.AsyncClient, psp_url: str
) -> None:
    other = SandboxPayments(http, psp_url, PATIENT, account=SANDBOX_SINGLE)
    payer = Payer(payments, "tok_ok")
    await payer.authorize(1000)

    theirs = await other.execute(payer.request(MoneyStep.CAPTURE, 1000))

    assert theirs == Declined("unknown_authorization", hard=True)
    assert len(await booked(payments, payer.order_id)) == 1
    assert await booked(other, payer.order_id) == []
