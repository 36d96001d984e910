"""Whatever is no answer of Stripe's is no answer of ours, and no effect happens twice."""

import asyncio
import logging
from datetime import timedelta

import httpx
import pytest

from adapters.payments.providers import UnknownProvider, payment_providers
from adapters.payments.stripe_payments import Connection, StripePayments
from config.settings import Settings
from domain.payment import Declined, MoneyStep, PaymentProvider, PaymentUnavailable, Succeeded
from tests.adapters.payments.contract_keys import booked, due
from tests.adapters.payments.payer import Payer
from tests.adapters.payments.stripe_bench import SECRET, StripeBench


@pytest.mark.parametrize("fault", ["down", "rate_limit", "lock_timeout"])
@pytest.mark.parametrize("step", list(MoneyStep))
async def test_what_struck_before_the_effect_leaves_the_key_free(
    stripe_bench: StripeBench, step: MoneyStep, fault: str
) -> None:
    _, request = await due(stripe_bench, step, "pm_card_visa")
    stripe_bench.account.faults.append(fault)

    with pytest.raises(PaymentUnavailable):
        await stripe_bench.provider.execute(request)

    assert isinstance(await stripe_bench.provider.execute(request), Succeeded)


@pytest.mark.parametrize("step", list(MoneyStep))
async def test_an_error_that_stripe_repeats_is_settled_by_its_books(
    stripe_bench: StripeBench, step: MoneyStep
) -> None:
    payer, request = await due(stripe_bench, step, "pm_card_visa")
    stripe_bench.account.faults.append("error_after_effect")
    if step is MoneyStep.VOID:  # the note that goes before it is an exchange of its own
        stripe_bench.account.faults.appendleft("none")

    with pytest.raises(PaymentUnavailable):
        await stripe_bench.provider.execute(request)
    answer = await stripe_bench.provider.execute(request)

    assert isinstance(answer, Succeeded)
    assert await stripe_bench.provider.look_up(request) == answer
    effects = await booked(stripe_bench.provider, payer.order_id)
    assert sum(one.idempotency_key == request.idempotency_key for one in effects) == 1


@pytest.mark.parametrize("step", [MoneyStep.AUTHORIZE, MoneyStep.CAPTURE, MoneyStep.REFUND])
async def test_fifty_lost_answers_at_once_are_fifty_effects(
    stripe_bench: StripeBench, step: MoneyStep
) -> None:
    token = stripe_bench.tokens.late
    asked = await asyncio.gather(*[due(stripe_bench, step, token) for _ in range(50)])

    lost = await asyncio.gather(
        *[stripe_bench.hasty.execute(request) for _, request in asked], return_exceptions=True
    )
    answers = await asyncio.gather(*[stripe_bench.provider.execute(request) for _, request in asked])

    assert all(isinstance(one, PaymentUnavailable) for one in lost)
    assert all(isinstance(one, Succeeded) for one in answers)
    orders = {payer.order_id for payer, _ in asked}
    for payer, request in asked[:1]:
        effects = await booked(stripe_bench.provider, payer.order_id)
        assert [one.amount for one in effects if one.idempotency_key == request.idempotency_key] == [1000]
    kind = {"authorize": "charge", "capture": "balance_transaction", "refund": "refund"}[step]
    made = [one for one in stripe_bench.account.objects.values() if one["object"] == kind]
    assert len([one for one in made if _order_of(stripe_bench, one) in orders and _is(one, step)]) == 50


def _is(made: dict[str, object], step: MoneyStep) -> bool:
    return step is not MoneyStep.CAPTURE or made["type"] == "charge"


def _order_of(bench: StripeBench, made: dict[str, object]) -> str | None:
    source = bench.account.objects.get(str(made.get("source")), made)
    metadata = source.get("metadata")
    return metadata.get("order_id") if isinstance(metadata, dict) else None


async def test_a_wrong_key_is_logged_with_what_mends_it_and_without_the_key(
    stripe_bench: StripeBench, caplog: pytest.LogCaptureFixture
) -> None:
    provider = stripe_bench.adapter(key="sk_test_of_somebody_else")

    with caplog.at_level(logging.DEBUG), pytest.raises(PaymentUnavailable):
        await Payer(provider, "pm_card_visa").authorize(1000)

    assert "OMS_STRIPE_API_KEY" in caplog.text
    assert "somebody_else" not in caplog.text


async def test_a_request_that_is_our_fault_declines_nobody(caplog: pytest.LogCaptureFixture) -> None:
    error = {"type": "invalid_request_error", "code": "parameter_unknown", "message": "no such parameter"}
    payer = Payer(_answering(httpx.Response(400, json={"error": error})), "pm_card_visa")

    with pytest.raises(PaymentUnavailable):
        await payer.authorize(1000)

    assert "Stripe finds a request impossible" in caplog.text


def _answering(answer: httpx.Response | Exception) -> PaymentProvider:
    def respond(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    http = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    timeout = timedelta(seconds=3)
    connection = Connection(http, "sk_test", "http://stripe/", timeout)
    return StripePayments(connection, timeout, notice_secret=SECRET, return_url="https://shop.example/")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(502, text="<html>bad gateway</html>"),
        httpx.Response(302, headers={"Location": "http://elsewhere/"}),
        httpx.Response(204),
        httpx.Response(403, json={"error": {"type": "invalid_request_error", "message": "no"}}),
        httpx.Response(409, json={"error": {"type": "invalid_request_error", "message": "busy"}}),
        httpx.Response(400, json={"error": {"type": "idempotency_error", "message": "other"}}),
        httpx.Response(400, json={"error": {"type": "invalid_request_error", "message": "?"}}),
        httpx.Response(400, json={"error": "odd"}),
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"object": "payment_intent", "status": "requires_capture"}),
        httpx.Response(200, json={"object": "payment_intent", "id": "pi_1", "status": "requires_action"}),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("closed"),
    ],
)
async def test_whatever_is_no_answer_is_unavailable(answer: httpx.Response | Exception) -> None:
    with pytest.raises(PaymentUnavailable):
        await Payer(_answering(answer), "pm_card_visa").authorize(1000)


@pytest.mark.parametrize("step", [MoneyStep.CAPTURE, MoneyStep.VOID])
async def test_a_look_that_fails_is_never_taken_for_a_refused_effect(step: MoneyStep) -> None:
    refused = httpx.Response(400, json={"error": {"type": "invalid_request_error", "message": "no"}})
    payer = Payer(_answering(refused), "pm_card_visa", authorization="pi_1")

    with pytest.raises(PaymentUnavailable):
        await payer.provider.execute(payer.request(step, 400))
    with pytest.raises(PaymentUnavailable):
        await payer.provider.look_up(payer.request(step, 400))


async def test_another_call_of_the_same_key_is_waited_for(stripe_bench: StripeBench) -> None:
    request = Payer(stripe_bench.provider, "pm_card_visa").request(MoneyStep.AUTHORIZE, 1000)

    answers = await asyncio.gather(*[stripe_bench.provider.execute(request) for _ in range(5)])

    assert len(set(answers)) == 1


async def test_a_refusal_under_one_key_leaves_the_next_free(stripe_bench: StripeBench) -> None:
    payer = Payer(stripe_bench.provider, "pm_card_visa")
    await payer.authorize(1000)

    assert await payer.capture(1001) == Declined("amount_exceeds_authorization", hard=True)
    assert isinstance(await payer.capture(1000), Succeeded)
    assert await payer.refund(1001) == Declined("amount_exceeds_captured", hard=True)
    assert isinstance(await payer.refund(1000), Succeeded)
    assert await payer.refund(1) == Declined("amount_exceeds_captured", hard=True)


async def test_stripe_is_a_provider_where_its_key_is(http: httpx.AsyncClient) -> None:
    with_it = Settings.model_validate(
        {
            "stripe_api_key": "sk_test",
            "stripe_webhook_secret": SECRET,
            "stripe_return_url": "https://shop.example/paid",
            "stripe_several_captures": False,
        }
    )

    stripe = payment_providers(http, with_it).named("stripe")

    assert isinstance(stripe, StripePayments)
    assert not stripe.capabilities.several_captures
    assert stripe.capabilities.keeps_keys == timedelta(hours=24)
    with pytest.raises(UnknownProvider):
        payment_providers(http, Settings()).named("stripe")


def test_a_key_without_what_belongs_to_it_starts_nothing() -> None:
    with pytest.raises(ValueError, match="OMS_STRIPE_WEBHOOK_SECRET and OMS_STRIPE_RETURN_URL"):
        Settings.model_validate({"stripe_api_key": "sk_test"})
