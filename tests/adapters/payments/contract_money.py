"""The contract of every payment provider: what money may do. `bench` is the provider's own fixture."""

import asyncio

import pytest

from domain.payment import Declined, Succeeded
from tests.adapters.payments.bench import Bench
from tests.adapters.payments.payer import Payer


class MoneyContract:
    """Authorize, capture, void, refund."""

    @pytest.fixture
    async def payer(self, bench: Bench) -> Payer:
        payer = Payer(bench.provider, bench.tokens.good)
        assert isinstance(await payer.authorize(1000), Succeeded)
        return payer

    async def test_a_good_token_is_authorized(self, bench: Bench) -> None:
        answer = await Payer(bench.provider, bench.tokens.good).authorize(1000)

        assert isinstance(answer, Succeeded)
        assert answer.signals.risk == "normal"

    async def test_a_bad_token_is_declined_for_good(self, bench: Bench) -> None:
        answer = await Payer(bench.provider, bench.tokens.declined).authorize(1000)

        assert isinstance(answer, Declined)
        assert answer.hard

    async def test_a_soft_decline_may_be_tried_again(self, bench: Bench) -> None:
        payer = Payer(bench.provider, bench.tokens.soft)

        first = await payer.authorize(1000)
        second = await payer.authorize(1000)

        assert isinstance(first, Declined)
        assert not first.hard
        assert isinstance(second, Succeeded)

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

    async def test_no_refund_above_what_is_captured(self, payer: Payer) -> None:
        assert isinstance(await payer.refund(1), Declined)
        assert isinstance(await payer.capture(400, final=True), Succeeded)
        assert isinstance(await payer.refund(401), Declined)
        assert isinstance(await payer.refund(400), Succeeded)
        assert isinstance(await payer.refund(1), Declined)

    async def test_several_refunds_give_back_what_was_captured(self, payer: Payer) -> None:
        await payer.capture(1000, final=True)

        assert isinstance(await payer.refund(300), Succeeded)
        assert isinstance(await payer.refund(701), Declined)
        assert isinstance(await payer.refund(700), Succeeded)

    async def test_refunds_at_once_give_back_no_more_than_there_is(self, payer: Payer) -> None:
        await payer.capture(1000, final=True)

        answers = await asyncio.gather(*[payer.refund(300) for _ in range(10)])

        assert sum(isinstance(answer, Succeeded) for answer in answers) == 3

    async def test_an_unknown_authorization_is_refused(self, payer: Payer) -> None:
        payer.authorization = "auth_of_nobody"

        assert isinstance(await payer.capture(1), Declined)


class SeveralCaptures(MoneyContract):
    """For a provider whose authorizations may be captured in parts."""

    def test_it_says_so(self, bench: Bench) -> None:
        assert bench.provider.capabilities.several_captures

    async def test_captures_go_on_until_all_is_taken(self, payer: Payer) -> None:
        assert isinstance(await payer.capture(400), Succeeded)
        assert isinstance(await payer.capture(600), Succeeded)
        assert isinstance(await payer.capture(1), Declined)

    async def test_captures_at_once_take_no_more_than_there_is(self, payer: Payer) -> None:
        answers = await asyncio.gather(*[payer.capture(300) for _ in range(10)])

        assert sum(isinstance(answer, Succeeded) for answer in answers) == 3

    async def test_a_void_releases_what_captures_left(self, payer: Payer) -> None:
        assert isinstance(await payer.capture(400), Succeeded)
        assert isinstance(await payer.void(600), Succeeded)
        assert isinstance(await payer.capture(1), Declined)
        assert isinstance(await payer.refund(400), Succeeded)


class SingleCapture(MoneyContract):
    """For a provider whose first capture of an authorization releases the rest."""

    async def test_it_says_so_and_a_capture_releases_the_rest(self, bench: Bench) -> None:
        payer = Payer(bench.provider, bench.tokens.good)
        await payer.authorize(1000)

        assert not bench.provider.capabilities.several_captures
        assert isinstance(await payer.capture(400), Succeeded)
        assert isinstance(await payer.capture(1), Declined)
        assert isinstance(await payer.void(600), Declined)
        assert isinstance(await payer.refund(400), Succeeded)
