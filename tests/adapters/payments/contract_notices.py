"""The contract of every payment provider: what is decided later, and the notices that tell it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.payment import (
    ActionRequired,
    Declined,
    MoneyStep,
    NoticeRefused,
    PaymentNotice,
    PaymentRequest,
    Pending,
    Succeeded,
)
from tests.adapters.payments.bench import Bench, Delivery
from tests.adapters.payments.contract_keys import booked
from tests.adapters.payments.payer import Payer

_PATIENCE = 15.0


async def told(bench: Bench, request: PaymentRequest) -> list[PaymentNotice]:
    """Wait for news of an effect, and return all notices of it so far."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            deliveries = await bench.delivered(request.order_id)
            notices = [bench.provider.read_notice(one.headers, one.body) for one in deliveries]
            if ours := [one for one in notices if one and one.idempotency_key == request.idempotency_key]:
                return ours
            await asyncio.sleep(0.05)


async def status(bench: Bench, request: PaymentRequest) -> str:
    """Return how the effect stands in the books, where it is exactly once."""
    effects = await booked(bench.provider, request.order_id)
    (effect,) = [one for one in effects if one.idempotency_key == request.idempotency_key]
    return effect.status


class LookUpContract:
    """What became of an effect can be asked for, and is in the books once."""

    async def test_an_effect_that_never_was_is_not_found(self, bench: Bench) -> None:
        request = Payer(bench.provider, bench.tokens.good).request(MoneyStep.AUTHORIZE, 1000)

        assert await bench.provider.look_up(request) is None

    async def test_what_was_answered_is_found(self, bench: Bench) -> None:
        payer = Payer(bench.provider, bench.tokens.good)
        authorize = payer.request(MoneyStep.AUTHORIZE, 1000)
        authorized = await bench.provider.execute(authorize)
        assert isinstance(authorized, Succeeded)
        payer.authorization = authorized.reference
        capture = payer.request(MoneyStep.CAPTURE, 1000, final=True)
        captured = await bench.provider.execute(capture)
        refund = payer.request(MoneyStep.REFUND, 300)
        refunded = await bench.provider.execute(refund)

        assert await bench.provider.look_up(authorize) == authorized
        assert await bench.provider.look_up(capture) == captured
        assert await bench.provider.look_up(refund) == refunded

    async def test_a_decline_is_found(self, bench: Bench) -> None:
        request = Payer(bench.provider, bench.tokens.declined).request(MoneyStep.AUTHORIZE, 1000)

        declined = await bench.provider.execute(request)

        assert isinstance(declined, Declined)
        assert await bench.provider.look_up(request) == declined

    async def test_the_books_list_each_effect_once_with_its_key(self, bench: Bench) -> None:
        payer = Payer(bench.provider, bench.tokens.good)
        authorize = payer.request(MoneyStep.AUTHORIZE, 1000)
        authorized = await bench.provider.execute(authorize)
        assert isinstance(authorized, Succeeded)
        payer.authorization = authorized.reference
        capture = payer.request(MoneyStep.CAPTURE, 700, final=True)
        refund = payer.request(MoneyStep.REFUND, 300)
        for request in (capture, refund, refund):
            await bench.provider.execute(request)

        effects = await booked(bench.provider, payer.order_id)

        done = {(e.step, e.amount, e.currency, e.idempotency_key) for e in effects if e.status == "succeeded"}
        asked = [authorize, capture, refund]
        assert {(r.step, r.amount, "USD", r.idempotency_key) for r in asked} <= done
        assert len({effect.idempotency_key for effect in effects}) == len(effects)

    async def test_the_books_of_another_time_do_not_list_it(self, bench: Bench) -> None:
        payer = Payer(bench.provider, bench.tokens.good)
        await payer.authorize(1000)
        (effect,) = await booked(bench.provider, payer.order_id)
        a_while = timedelta(hours=1)

        before = [one async for one in bench.provider.booked(effect.at - a_while, effect.at)]
        after = [one async for one in bench.provider.booked(effect.at, effect.at + a_while)]

        assert effect not in before
        assert after.count(effect) == 1


class ActionContract:
    """3-D Secure: the customer confirms first."""

    @pytest.fixture
    def customer(self, bench: Bench) -> Payer:
        return Payer(bench.provider, bench.tokens.action)

    async def test_a_customer_who_confirms_has_paid(self, bench: Bench, customer: Payer) -> None:
        request = customer.request(MoneyStep.AUTHORIZE, 1000)
        required = await bench.provider.execute(request)
        assert isinstance(required, ActionRequired)
        assert await bench.provider.look_up(request) == required

        await bench.end_action(required, passed=True)
        notice = (await told(bench, request))[0]

        assert isinstance(notice.answer, Succeeded)
        assert notice.step is MoneyStep.AUTHORIZE
        assert await bench.provider.look_up(request) == notice.answer
        assert await status(bench, request) == "succeeded"
        customer.authorization = notice.answer.reference
        assert isinstance(await customer.capture(1000, final=True), Succeeded)

    async def test_a_customer_who_fails_has_not(self, bench: Bench, customer: Payer) -> None:
        request = customer.request(MoneyStep.AUTHORIZE, 1000)
        required = await bench.provider.execute(request)
        assert isinstance(required, ActionRequired)

        await bench.end_action(required, passed=False)
        notice = (await told(bench, request))[0]

        assert isinstance(notice.answer, Declined)
        assert await bench.provider.look_up(request) == notice.answer
        customer.authorization = required.reference
        assert isinstance(await customer.capture(1), Declined)

    async def test_what_waits_for_its_customer_can_be_called_off(self, bench: Bench, customer: Payer) -> None:
        request = customer.request(MoneyStep.AUTHORIZE, 1000)
        required = await bench.provider.execute(request)
        assert isinstance(required, ActionRequired)
        customer.authorization = required.reference

        assert isinstance(await customer.void(1000), Succeeded)

        await bench.end_action(required, passed=True)
        assert isinstance(await bench.provider.look_up(request), Declined)
        assert isinstance(await customer.capture(1), Declined)

    async def test_a_repeat_while_the_customer_is_asked_asks_nothing_new(
        self, bench: Bench, customer: Payer
    ) -> None:
        request = customer.request(MoneyStep.AUTHORIZE, 1000)

        first = await bench.provider.execute(request)

        assert isinstance(first, ActionRequired)
        assert await bench.provider.execute(request) == first


async def pending(bench: Bench, request: PaymentRequest) -> PaymentRequest:
    """Ask for what is taken now and decided later; a repeat hears the same."""
    answer = await bench.provider.execute(request)
    assert isinstance(answer, Pending)
    assert await bench.provider.execute(request) == answer
    return request


class CapturedLaterContract:
    """Captures that are taken now and decided later."""

    async def test_a_capture_is_confirmed_later(self, bench: Bench) -> None:
        payer, request = await self._capturing(bench, bench.tokens.captured_later)

        notice = (await told(bench, request))[0]

        assert isinstance(notice.answer, Succeeded)
        assert await bench.provider.look_up(request) == notice.answer
        assert await status(bench, request) == "succeeded"
        assert isinstance(await payer.capture(1), Declined)

    async def test_a_capture_fails_later_and_can_be_made_again(self, bench: Bench) -> None:
        payer, request = await self._capturing(bench, bench.tokens.capture_fails_later)

        notice = (await told(bench, request))[0]

        assert isinstance(notice.answer, Declined)
        assert await bench.provider.look_up(request) == notice.answer
        assert await status(bench, request) == "failed"
        assert isinstance(await payer.capture(1000, final=True), Succeeded | Pending)

    async def _capturing(self, bench: Bench, token: str) -> tuple[Payer, PaymentRequest]:
        payer = Payer(bench.provider, token)
        assert isinstance(await payer.authorize(1000), Succeeded)
        return payer, await pending(bench, payer.request(MoneyStep.CAPTURE, 1000, final=True))


class NoticeContract:
    """Only what the provider has signed just now is believed; it reads the same however often it comes."""

    @pytest.fixture
    async def delivery(self, bench: Bench) -> Delivery:
        payer = Payer(bench.provider, bench.tokens.action)
        request = payer.request(MoneyStep.AUTHORIZE, 1000)
        required = await bench.provider.execute(request)
        assert isinstance(required, ActionRequired)
        await bench.end_action(required, passed=True)
        await told(bench, request)
        for one in await bench.delivered(payer.order_id):
            if bench.provider.read_notice(one.headers, one.body) is not None:
                return one
        raise AssertionError

    async def test_it_reads_the_same_however_often_and_whenever_it_is_signed(
        self, bench: Bench, delivery: Delivery
    ) -> None:
        later = bench.signed(delivery.body, at=datetime.now(UTC))

        first = bench.provider.read_notice(delivery.headers, delivery.body)
        again = bench.provider.read_notice(delivery.headers, delivery.body)
        resent = bench.provider.read_notice(later.headers, later.body)

        assert first is not None
        assert first == again == resent
        assert first.occurred_at.tzinfo is UTC

    @pytest.mark.parametrize(
        "forge",
        [
            lambda one: Delivery(one.headers, one.body + b" "),
            lambda one: Delivery({}, one.body),
            lambda one: Delivery(dict.fromkeys(one.headers, ""), one.body),
            lambda one: Delivery(dict.fromkeys(one.headers, "v1,junk"), one.body),
        ],
        ids=["another body", "no headers", "empty headers", "junk for headers"],
    )
    async def test_a_forged_one_is_refused(
        self, bench: Bench, delivery: Delivery, forge: Callable[[Delivery], Delivery]
    ) -> None:
        forged = forge(delivery)

        with pytest.raises(NoticeRefused):
            bench.provider.read_notice(forged.headers, forged.body)

    async def test_one_that_was_signed_long_ago_is_refused(self, bench: Bench, delivery: Delivery) -> None:
        stale = bench.signed(delivery.body, at=datetime.now(UTC) - timedelta(hours=1))

        with pytest.raises(NoticeRefused):
            bench.provider.read_notice(stale.headers, stale.body)

    @pytest.mark.parametrize("junk", [b"", b"junk", b"[]", b"{}", b'{"id": 1}', b"\x00"])
    async def test_signed_junk_is_unreadable(self, bench: Bench, junk: bytes) -> None:
        signed = bench.signed(junk, at=datetime.now(UTC))

        with pytest.raises(ValueError, match=r".*"):
            bench.provider.read_notice(signed.headers, signed.body)
