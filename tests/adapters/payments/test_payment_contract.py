"""The contract suite over every provider that this repository has books of; each class is one provider."""

from dataclasses import replace

import httpx
import pytest

from adapters.payments.sandbox import SANDBOX_SINGLE, SandboxPayments
from tests.adapters.payments.bench import Bench
from tests.adapters.payments.conftest import PATIENT
from tests.adapters.payments.contract_keys import KeyContract
from tests.adapters.payments.contract_money import SeveralCaptures, SingleCapture
from tests.adapters.payments.contract_notices import (
    ActionContract,
    CapturedLaterContract,
    LookUpContract,
    NoticeContract,
)
from tests.adapters.payments.contract_refunds import RefundedLaterContract
from tests.adapters.payments.letterbox import SECRET
from tests.adapters.payments.sandbox_bench import SandboxBench


class TestSandbox(
    SeveralCaptures,
    KeyContract,
    LookUpContract,
    ActionContract,
    CapturedLaterContract,
    RefundedLaterContract,
    NoticeContract,
):
    @pytest.fixture
    def bench(self, sandbox_bench: SandboxBench) -> Bench:
        return sandbox_bench


class TestSandboxSingle(SingleCapture, LookUpContract, ActionContract, CapturedLaterContract):
    @pytest.fixture
    def bench(self, sandbox_bench: SandboxBench, http: httpx.AsyncClient, psp_url: str) -> Bench:
        single = SandboxPayments(
            http,
            psp_url,
            PATIENT,
            notice_secret=SECRET,
            account=SANDBOX_SINGLE,
        )
        return replace(sandbox_bench, provider=single)
