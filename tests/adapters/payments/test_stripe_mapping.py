"""What Stripe's words mean in the port's: declines and advice, signals, amounts."""

from types import SimpleNamespace
from typing import Any

import pytest

from adapters.payments.stripe_payments.amounts import NotPayable, from_stripe, to_stripe
from adapters.payments.stripe_payments.declines import declined
from adapters.payments.stripe_payments.signals import signals_of
from domain.payment import (
    ActionRequired,
    Advice,
    Check,
    Declined,
    MoneyStep,
    RiskLevel,
    Signals,
    Succeeded,
)
from tests.adapters.payments.payer import Payer
from tests.adapters.payments.stripe_bench import StripeBench
from tests.adapters.payments.stripe_shaped.cards import decline


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"decline_code": "insufficient_funds"}, Declined("insufficient_funds", hard=False)),
        ({"decline_code": "of_tomorrow"}, Declined("of_tomorrow", hard=False)),
        ({"code": "card_declined"}, Declined("card_declined", hard=False)),
        ({}, Declined("declined", hard=False)),
        ({"decline_code": "stolen_card"}, Declined("stolen_card", hard=True, advice=Advice.NEVER_AGAIN)),
        ({"decline_code": "expired_card"}, Declined("expired_card", hard=True, advice=Advice.ANOTHER_METHOD)),
        (
            {"decline_code": "issuer_not_available"},
            Declined("issuer_not_available", hard=False, advice=Advice.TRY_LATER),
        ),
        (
            {"code": "payment_intent_authentication_failure"},
            Declined("payment_intent_authentication_failure", hard=False, advice=Advice.ANOTHER_METHOD),
        ),
        (
            {"decline_code": "do_not_honor", "advice_code": "do_not_try_again"},
            Declined("do_not_honor", hard=True, advice=Advice.NEVER_AGAIN),
        ),
        (
            {"decline_code": "do_not_honor", "advice_code": "try_again_later"},
            Declined("do_not_honor", hard=False, advice=Advice.TRY_LATER),
        ),
        (
            {"decline_code": "do_not_honor", "network_advice_code": "24"},
            Declined("do_not_honor", hard=False, advice=Advice.TRY_LATER),
        ),
        (
            {"decline_code": "generic_decline", "network_advice_code": "03"},
            Declined("generic_decline", hard=True, advice=Advice.NEVER_AGAIN),
        ),
        (
            {
                "decline_code": "generic_decline",
                "advice_code": "try_again_later",
                "network_advice_code": "03",
            },
            Declined("generic_decline", hard=False, advice=Advice.TRY_LATER),
        ),
        (
            {"decline_code": "generic_decline", "network_advice_code": "99"},
            Declined("generic_decline", hard=False),
        ),
    ],
)
def test_a_refusal_is_hard_or_soft_by_the_networks_advice_and_then_by_its_code(
    told: dict[str, Any], answer: Declined
) -> None:
    assert declined(SimpleNamespace(**told)) == answer


@pytest.mark.parametrize(
    ("card", "signals"),
    [
        ({}, Signals(cvc=Check.PASSED)),
        ({"cvc": "fail"}, Signals(cvc=Check.FAILED)),
        ({"cvc": None}, Signals()),
        ({"cvc": "unchecked"}, Signals()),
        ({"cvc": None, "line1": "pass", "postal_code": "fail"}, Signals(avs=Check.FAILED)),
        ({"cvc": None, "line1": "pass", "postal_code": "unavailable"}, Signals(avs=Check.PASSED)),
        ({"cvc": None, "line1": "unavailable"}, Signals(avs=Check.UNAVAILABLE)),
        ({"cvc": None, "risk": "elevated"}, Signals(risk=RiskLevel.ELEVATED)),
        ({"cvc": None, "risk": "highest", "review": True}, Signals(risk=RiskLevel.HIGHEST)),
        ({"cvc": None, "risk": "elevated", "review": True}, Signals(risk=RiskLevel.REVIEW)),
        ({"cvc": None, "risk": "not_assessed"}, Signals()),
    ],
)
async def test_checks_and_risk_are_told_as_signals(
    stripe_bench: StripeBench, card: dict[str, Any], signals: Signals
) -> None:
    answer = await Payer(stripe_bench.provider, stripe_bench.account.issue(**card)).authorize(1000)

    assert isinstance(answer, Succeeded)
    assert answer.signals == signals


@pytest.mark.parametrize(
    ("result", "check"),
    [
        ("authenticated", Check.PASSED),
        ("attempt_acknowledged", Check.PASSED),
        ("exempted", Check.NOT_MADE),
        ("failed", Check.FAILED),
        ("not_supported", Check.UNAVAILABLE),
        (None, Check.NOT_MADE),
    ],
)
def test_what_3d_secure_found_is_told_as_a_signal(result: str | None, check: Check) -> None:
    card = SimpleNamespace(three_d_secure=SimpleNamespace(result=result))
    charge = SimpleNamespace(payment_method_details=SimpleNamespace(card=card))

    assert signals_of(charge) == Signals(three_d_secure=check)


async def test_an_authorization_ends_when_stripe_says(stripe_bench: StripeBench) -> None:
    answer = await Payer(stripe_bench.provider, "pm_card_visa").authorize(1000)

    assert isinstance(answer, Succeeded)
    assert answer.expires_at is not None
    assert abs(answer.expires_at.timestamp() - stripe_bench.account.now() - 7 * 24 * 3600) < 30


async def test_a_customer_is_sent_to_their_bank_and_back_to_the_shop(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, stripe_bench.tokens.action)

    answer = await payer.authorize(1000)

    assert isinstance(answer, ActionRequired)
    action = stripe_bench.account.objects[answer.reference]["next_action"]["redirect_to_url"]
    assert action == {"url": answer.url, "return_url": "https://shop.example/paid"}


async def test_a_declines_advice_comes_through(stripe_bench: StripeBench) -> None:
    refusal = decline("do_not_honor", advice_code="do_not_try_again")
    token = stripe_bench.account.issue(always_declines=refusal)
    payer = Payer(stripe_bench.provider, token)

    answer = await payer.authorize(1000)

    assert answer == Declined("do_not_honor", hard=True, advice=Advice.NEVER_AGAIN)


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        (1999, "USD", 1999),
        (500, "JPY", 500),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (1200, "MGA", 12),
        (10, "KWD", 10),
    ],
)
def test_amounts_are_sent_in_stripes_units(amount: int, currency: str, units: int) -> None:
    assert to_stripe(amount, currency) == units
    assert from_stripe(units, currency.lower()) == amount


@pytest.mark.parametrize(("amount", "currency"), [(1201, "MGA"), (1501, "KWD")])
def test_what_stripe_cannot_count_is_not_payable(amount: int, currency: str) -> None:
    with pytest.raises(NotPayable):
        to_stripe(amount, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (1, "USD", "amount_too_small"),
        (100_000_000, "USD", "amount_too_large"),
        (1201, "MGA", "amount_not_payable"),
        (1501, "KWD", "amount_not_payable"),
    ],
)
async def test_an_amount_that_stripe_does_not_take_is_declined(
    stripe_bench: StripeBench, amount: int, currency: str, code: str
) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa", currency=currency)

    assert await payer.authorize(amount) == Declined(code, hard=True)


async def test_a_token_that_nobody_issued_is_declined(stripe_bench: StripeBench) -> None:
    assert await Payer(stripe_bench.provider, "pm_of_nobody").authorize(1000) == Declined(
        "unknown_token", hard=True
    )


async def test_a_card_without_a_customer_pays_once_and_one_with_a_customer_again(
    stripe_bench: StripeBench,
) -> None:
    once = Payer(stripe_bench.provider, stripe_bench.account.issue())
    often = Payer(stripe_bench.provider, stripe_bench.account.issue_to_customer())

    assert isinstance(await once.authorize(1000), Succeeded)
    assert await once.authorize(1000) == Declined("unknown_token", hard=True)
    assert isinstance(await often.authorize(1000), Succeeded)
    assert isinstance(await often.authorize(1000), Succeeded)


async def test_krona_are_captured_and_paid_back_in_full(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa", currency="ISK")
    await payer.authorize(1000)

    assert isinstance(await payer.capture(700, final=True), Succeeded)
    assert isinstance(await payer.refund(701), Declined)
    assert isinstance(await payer.refund(700), Succeeded)
    intent = stripe_bench.account.objects[str(payer.authorization)]
    assert (intent["amount"], intent["amount_received"]) == (100_000, 70_000)
    assert isinstance(await payer.provider.execute(payer.request(MoneyStep.VOID, 300)), Declined)
