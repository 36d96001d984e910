"""Stripe in the contract suite, over a server that is written to Stripe's documented behaviour."""

from datetime import UTC, datetime

import httpx
import pytest

from domain.payment import NoticeRefused
from tests.adapters.payments.bench import Bench
from tests.adapters.payments.contract_keys import KeyContract
from tests.adapters.payments.contract_money import SeveralCaptures, SingleCapture
from tests.adapters.payments.contract_notices import (
    ActionContract,
    LookUpContract,
    NoticeContract,
)
from tests.adapters.payments.contract_refunds import RefundedLaterContract
from tests.adapters.payments.stripe_bench import StripeBench


class OverStripe:
    @pytest.fixture
    def bench(self, stripe_bench: StripeBench) -> Bench:
        return stripe_bench


class TestMoney(OverStripe, SeveralCaptures):
    pass


class TestKeys(OverStripe, KeyContract):
    pass


class TestLookUps(OverStripe, LookUpContract):
    pass


class TestActions(OverStripe, ActionContract):
    pass


class TestRefundsDecidedLater(OverStripe, RefundedLaterContract):
    pass


class TestNotices(OverStripe, NoticeContract):
    @pytest.mark.parametrize("junk", [b"", b"junk", b"[]", b"{}", b'{"id": 1}', b"\x00"])
    async def test_signed_junk_is_unreadable(self, bench: Bench, junk: bytes) -> None:
        await super().test_signed_junk_is_unreadable(bench, junk)

    async def test_what_is_no_text_cannot_be_proven(self, bench: Bench) -> None:
        signed = bench.signed(b"\xff\x00", at=datetime.now(UTC))

        with pytest.raises(NoticeRefused):
            bench.provider.read_notice(signed.headers, signed.body)


class TestMoneyWithoutMulticapture(SingleCapture):
    @pytest.fixture
    def bench(self, http: httpx.AsyncClient, stripe_bench: StripeBench) -> Bench:
        return StripeBench(stripe_bench.account, http, stripe_bench.url, several_captures=False)
