"""The contract of every payment provider: one effect per key, whatever is lost on the way."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.payment import (
    BookedEffect,
    Declined,
    MoneyStep,
    PaymentProvider,
    PaymentRequest,
    PaymentUnavailable,
    Succeeded,
)
from tests.adapters.payments.bench import Bench
from tests.adapters.payments.payer import Payer


async def booked(provider: PaymentProvider, order_id: str) -> list[BookedEffect]:
    """Return the effects of one order that the provider has booked just now."""
    now, around = datetime.now(UTC), timedelta(minutes=5)
    return [
        effect async for effect in provider.booked(now - around, now + around) if effect.order_id == order_id
    ]


async def due(bench: Bench, step: MoneyStep, token: str) -> tuple[Payer, PaymentRequest]:
    """Bring an order to where the step is due, without a lost answer, and return the step's request."""
    payer = Payer(bench.provider, token)
    if step is not MoneyStep.AUTHORIZE:
        assert isinstance(await payer.authorize(1000), Succeeded)
    if step is MoneyStep.REFUND:
        assert isinstance(await payer.capture(1000, final=True), Succeeded)
    return payer, payer.request(step, 1000)


class KeyContract:
    """Each effect once per key, and the same answer for all who ask."""

    @pytest.mark.parametrize("step", list(MoneyStep))
    async def test_a_repeated_key_has_the_same_answer_and_one_effect(
        self, bench: Bench, step: MoneyStep
    ) -> None:
        payer, request = await due(bench, step, bench.tokens.good)

        first = await bench.provider.execute(request)
        again = await bench.provider.execute(request)

        assert isinstance(first, Succeeded)
        assert again == first
        assert await self._effects(bench, payer, request) == 1

    @pytest.mark.parametrize("step", list(MoneyStep))
    async def test_twenty_equal_calls_at_once_have_one_effect(self, bench: Bench, step: MoneyStep) -> None:
        payer, request = await due(bench, step, bench.tokens.good)

        answers = await asyncio.gather(*[_insist(bench.provider, request) for _ in range(20)])

        assert len(set(answers)) == 1
        assert isinstance(answers[0], Succeeded)
        assert await self._effects(bench, payer, request) == 1

    @pytest.mark.parametrize("step", list(MoneyStep))
    async def test_an_effect_whose_answer_was_lost_happens_once(self, bench: Bench, step: MoneyStep) -> None:
        payer, request = await due(bench, step, bench.tokens.late)

        started = time.monotonic()
        with pytest.raises(PaymentUnavailable):
            await bench.hasty.execute(request)
        waited = time.monotonic() - started
        answers = await asyncio.gather(*[_insist(bench.provider, request) for _ in range(20)])

        assert waited < bench.hasty_limit.total_seconds() + 1
        assert len(set(answers)) == 1
        assert isinstance(answers[0], Succeeded)
        assert await self._effects(bench, payer, request) == 1

    async def test_a_repeated_decline_stays_declined(self, bench: Bench) -> None:
        request = Payer(bench.provider, bench.tokens.soft).request(MoneyStep.AUTHORIZE, 1000)

        first = await bench.provider.execute(request)

        assert isinstance(first, Declined)
        assert await bench.provider.execute(request) == first

    @pytest.mark.parametrize("step", [MoneyStep.CAPTURE, MoneyStep.REFUND])
    async def test_a_key_used_for_another_request_is_refused_and_books_nothing(
        self, bench: Bench, step: MoneyStep
    ) -> None:
        payer, request = await due(bench, step, bench.tokens.good)
        asked = replace(request, amount=400)
        await bench.provider.execute(asked)

        with pytest.raises(PaymentUnavailable):
            await bench.provider.execute(replace(request, amount=401))

        amounts = [e.amount for e in await booked(bench.provider, payer.order_id) if e.step is step]
        assert amounts == [400]

    async def test_a_provider_out_of_reach_is_unavailable(self, bench: Bench) -> None:
        request = Payer(bench.unreachable, bench.tokens.good).request(MoneyStep.AUTHORIZE, 1000)

        with pytest.raises(PaymentUnavailable):
            await bench.unreachable.execute(request)
        with pytest.raises(PaymentUnavailable):
            await bench.unreachable.look_up(request)
        with pytest.raises(PaymentUnavailable):
            await booked(bench.unreachable, request.order_id)

    async def _effects(self, bench: Bench, payer: Payer, request: PaymentRequest) -> int:
        effects = await booked(bench.provider, payer.order_id)
        return sum(effect.idempotency_key == request.idempotency_key for effect in effects)


async def _insist(provider: PaymentProvider, request: PaymentRequest) -> object:
    """Ask until there is an answer: a provider may refuse to serve a key that it is serving."""
    while True:
        try:
            return await provider.execute(request)
        except PaymentUnavailable:
            await asyncio.sleep(0.05)
