"""What every payment provider behind the port must do; one class per provider runs the suite."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from domain.payment import (
    Declined,
    MoneyStep,
    PaymentProvider,
    PaymentUnavailable,
    Succeeded,
)
from tests.adapters.payments.payer import Payer


class PaymentContract:
    """The suite. A subclass names two tokens and gives the fixtures `provider` and `unreachable`."""

    good_token: ClassVar[str]
    declined_token: ClassVar[str]

    @pytest.fixture
    async def payer(self, provider: PaymentProvider) -> Payer:
        payer = Payer(provider, self.good_token)
        assert isinstance(await payer.authorize(1000), Succeeded)
        return payer

    async def test_a_good_token_is_authorized(self, provider: PaymentProvider) -> None:
        answer = await Payer(provider, self.good_token).authorize(1000)

        assert isinstance(answer, Succeeded)
        assert answer.signals.risk == "normal"

    async def test_a_bad_token_is_declined_for_good(self, provider: PaymentProvider) -> None:
        answer = await Payer(provider, self.declined_token).authorize(1000)

        assert isinstance(answer, Declined)
        assert answer.hard

    @pytest.mark.parametrize("step", list(MoneyStep))
    async def test_a_repeated_key_has_the_same_answer(self, payer: Payer, step: MoneyStep) -> None:
        if step is MoneyStep.REFUND:
            await payer.capture(500)
        request = payer.request(step, 400)

        first = await payer.provider.execute(request)
        again = await payer.provider.execute(request)

        assert isinstance(first, Succeeded)
        assert again == first

    async def test_equal_calls_at_once_have_one_answer(self, payer: Payer) -> None:
        request = payer.request(MoneyStep.CAPTURE, 700)

        answers = await asyncio.gather(*[payer.provider.execute(request) for _ in range(10)])

        assert len(set(answers)) == 1
        assert isinstance(await payer.capture(300), Succeeded)

    async def test_a_repeated_decline_stays_declined(self, provider: PaymentProvider) -> None:
        request = Payer(provider, self.declined_token).request(MoneyStep.AUTHORIZE, 1000)

        assert await provider.execute(request) == await provider.execute(request)

    async def test_a_key_used_for_another_request_is_not_answered(self, payer: Payer) -> None:
        request = payer.request(MoneyStep.CAPTURE, 400)
        await payer.provider.execute(request)

        with pytest.raises(PaymentUnavailable):
            await payer.provider.execute(replace(request, amount=401))

    async def test_captures_go_on_until_all_is_taken(self, payer: Payer) -> None:
        assert isinstance(await payer.capture(400), Succeeded)
        assert isinstance(await payer.capture(600), Succeeded)
        assert isinstance(await payer.capture(1), Declined)

    async def test_no_capture_above_what_is_authorized(self, payer: Payer) -> None:
        assert isinstance(await payer.capture(1001), Declined)
        assert isinstance(await payer.capture(1000), Succeeded)

    async def test_a_final_capture_is_the_last(self, payer: Payer) -> None:
        assert isinstance(await payer.capture(400, final=True), Succeeded)
        assert isinstance(await payer.capture(1), Declined)
        assert isinstance(await payer.void(600), Declined)

    async def test_nothing_is_captured_after_a_void(self, payer: Payer) -> None:
        assert isinstance(await payer.void(1000), Succeeded)
        assert isinstance(await payer.capture(1), Declined)
        assert isinstance(await payer.void(1000), Declined)

    async def test_a_void_releases_what_captures_left(self, payer: Payer) -> None:
        assert isinstance(await payer.capture(400), Succeeded)
        assert isinstance(await payer.void(600), Succeeded)
        assert isinstance(await payer.refund(400), Succeeded)

    async def test_no_refund_above_what_is_captured(self, payer: Payer) -> None:
        assert isinstance(await payer.refund(1), Declined)
        assert isinstance(await payer.capture(400), Succeeded)
        assert isinstance(await payer.refund(300), Succeeded)
        assert isinstance(await payer.refund(101), Declined)
        assert isinstance(await payer.refund(100), Succeeded)

    async def test_an_unknown_authorization_is_refused(self, payer: Payer) -> None:
        payer.authorization = "auth_of_nobody"

        assert isinstance(await payer.capture(1), Declined)

    async def test_a_provider_out_of_reach_is_unavailable(self, unreachable: PaymentProvider) -> None:
        with pytest.raises(PaymentUnavailable):
            await Payer(unreachable, self.good_token).authorize(1000)


class TestSandbox(PaymentContract):
    good_token = "tok_ok"
    declined_token = "tok_declined"

    @pytest.fixture
    def provider(self, payments: SandboxPayments) -> PaymentProvider:
        return payments

    @pytest.fixture
    def unreachable(self, http: httpx.AsyncClient) -> PaymentProvider:
        return SandboxPayments(http, "http://127.0.0.1:9", timedelta(seconds=1))
