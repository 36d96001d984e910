"""The contract of every payment provider: refunds that are decided later, or fail after they succeeded."""

import asyncio
from typing import Final

from domain.payment import BookedEffect, Declined, MoneyStep, PaymentRequest, Pending, Succeeded
from tests.adapters.payments.bench import Bench
from tests.adapters.payments.contract_keys import booked
from tests.adapters.payments.contract_notices import pending, status, told
from tests.adapters.payments.payer import Payer

PATIENCE: Final = 15.0


class RefundedLaterContract:
    """Refunds that are taken now and decided later."""

    async def test_a_refund_is_confirmed_later(self, bench: Bench) -> None:
        payer, request = await self._refunding(bench, bench.tokens.refunded_later)

        notice = (await told(bench, request))[0]

        assert isinstance(notice.answer, Succeeded)
        assert await bench.provider.look_up(request) == notice.answer
        assert await status(bench, request) == "succeeded"
        assert isinstance(await payer.refund(1), Declined)

    async def test_a_refund_fails_later_and_can_be_made_again(self, bench: Bench) -> None:
        payer, request = await self._refunding(bench, bench.tokens.refund_fails_later)

        notice = (await told(bench, request))[0]

        assert isinstance(notice.answer, Declined)
        assert await bench.provider.look_up(request) == notice.answer
        assert await status(bench, request) == "failed"
        assert isinstance(await payer.refund(1000), Succeeded | Pending)

    async def test_a_refund_that_succeeded_may_fail_after_all(self, bench: Bench) -> None:
        payer = await self._captured(bench, bench.tokens.refund_comes_back)
        request = payer.request(MoneyStep.REFUND, 1000)
        assert isinstance(await bench.provider.execute(request), Succeeded)
        (before,) = await self._booked(bench, request)

        answer = await self._declined(bench, request)

        assert await bench.provider.look_up(request) == answer
        (after,) = await self._booked(bench, request)
        assert (after.status, after.at) == ("failed", before.at)
        assert isinstance(await payer.refund(1000), Succeeded)

    async def _declined(self, bench: Bench, request: PaymentRequest) -> Declined:
        async with asyncio.timeout(PATIENCE):
            while True:
                for notice in await told(bench, request):
                    if isinstance(notice.answer, Declined):
                        return notice.answer
                await asyncio.sleep(0.05)

    async def _booked(self, bench: Bench, request: PaymentRequest) -> list[BookedEffect]:
        effects = await booked(bench.provider, request.order_id)
        return [one for one in effects if one.idempotency_key == request.idempotency_key]

    async def _captured(self, bench: Bench, token: str) -> Payer:
        payer = Payer(bench.provider, token)
        assert isinstance(await payer.authorize(1000), Succeeded)
        assert isinstance(await payer.capture(1000, final=True), Succeeded)
        return payer

    async def _refunding(self, bench: Bench, token: str) -> tuple[Payer, PaymentRequest]:
        payer = await self._captured(bench, token)
        return payer, await pending(bench, payer.request(MoneyStep.REFUND, 1000))
