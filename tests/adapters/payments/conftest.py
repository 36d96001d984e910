"""A real PostgreSQL and, on it, the sandbox provider behind a real socket."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service import FeeRule, NoticeAddress, Terms, create_app
from cli.embedded.testing import embedded_postgres
from tests.adapters.payments.letterbox import SECRET, Letterbox
from tests.adapters.payments.payer import Books
from tests.adapters.payments.running_psp import running
from tests.adapters.payments.sandbox_bench import SandboxBench
from tests.adapters.payments.stripe_bench import LATE_SECONDS, StripeBench
from tests.adapters.payments.stripe_shaped.account import Account
from tests.adapters.payments.stripe_shaped.server import StripeShaped

PATIENT = timedelta(seconds=10)
HASTY = timedelta(seconds=0.5)
LATE = timedelta(seconds=2)
SHORT_VALIDITY = timedelta(seconds=1)
SETTLES_AFTER = timedelta(seconds=0.3)
FEES = FeeRule(per_mille=29, fixed=30)


@pytest.fixture(scope="session")
async def database_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with embedded_postgres(tmp_path_factory.mktemp("psp")) as url:
        yield url


@pytest.fixture
async def fresh_database_url(database_url: str) -> AsyncIterator[str]:
    admin = await asyncpg.connect(database_url)
    await admin.execute("CREATE DATABASE fresh")
    yield database_url.rpartition("/")[0] + "/fresh"
    await admin.execute("DROP DATABASE fresh WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="session")
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture(scope="session")
async def letterbox_url(letterbox: Letterbox) -> AsyncIterator[str]:
    async with running(letterbox.app()) as url:
        yield f"{url}/{{account}}/notices"


@pytest.fixture(scope="session")
async def psp_url(database_url: str, letterbox_url: str) -> AsyncIterator[str]:
    address = NoticeAddress(letterbox_url, SECRET)
    terms = Terms(LATE, SHORT_VALIDITY, SETTLES_AFTER, FEES, address, comes_back_after=SETTLES_AFTER)
    async with running(create_app(database_url, terms)) as url:
        yield url


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENT.total_seconds()) as client:
        yield client


@pytest.fixture(scope="session")
def payments(http: httpx.AsyncClient, psp_url: str) -> SandboxPayments:
    return SandboxPayments(http, psp_url, PATIENT, notice_secret=SECRET)


@pytest.fixture(scope="session")
def hasty_payments(http: httpx.AsyncClient, psp_url: str) -> SandboxPayments:
    """Gives up before a late answer comes."""
    return SandboxPayments(http, psp_url, HASTY)


@pytest.fixture(scope="session")
def sandbox_bench(
    http: httpx.AsyncClient,
    letterbox: Letterbox,
    payments: SandboxPayments,
    hasty_payments: SandboxPayments,
) -> SandboxBench:
    """The sandbox as the contract suite wants it."""
    unreachable = SandboxPayments(http, "http://127.0.0.1:9", timedelta(seconds=1))
    return SandboxBench(http, letterbox, payments, hasty_payments, HASTY, unreachable)


@pytest.fixture(scope="session")
def books(http: httpx.AsyncClient, psp_url: str) -> Books:
    async def read(order_id: str) -> list[dict[str, Any]]:
        answer = await http.get(f"{psp_url}/operations", params={"order_id": order_id})
        rows: list[dict[str, Any]] = answer.raise_for_status().json()["data"]
        return rows

    return read


@pytest.fixture(scope="session")
async def stripe_account() -> AsyncIterator[tuple[Account, str]]:
    """An account, and the address of the Stripe-shaped server that keeps it."""
    account = Account()
    async with running(StripeShaped(account, LATE_SECONDS).app()) as url:
        yield account, url


@pytest.fixture
def stripe_bench(http: httpx.AsyncClient, stripe_account: tuple[Account, str]) -> StripeBench:
    """The Stripe adapter over the account."""
    account, url = stripe_account
    return StripeBench(account, http, url)
