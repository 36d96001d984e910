"""The provider's notices on their way: until they have arrived, twice, in any order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service import NoticeAddress, Terms, create_app
from domain.payment import Declined, MoneyStep, Pending, Succeeded
from tests.adapters.payments.conftest import FEES, PATIENT, SETTLES_AFTER
from tests.adapters.payments.contract_notices import told
from tests.adapters.payments.letterbox import SECRET, Letterbox, said
from tests.adapters.payments.payer import Payer
from tests.adapters.payments.running_psp import running
from tests.adapters.payments.sandbox_bench import SandboxBench

Faults = dict[str, Any]


@pytest.fixture
async def no_faults(http: httpx.AsyncClient, psp_url: str) -> AsyncIterator[None]:
    yield
    await http.put(f"{psp_url}/faults", json={})


async def captured_later(payments: SandboxPayments) -> tuple[Payer, Any]:
    payer = Payer(payments, "tok_capture_pending")
    await payer.authorize(1000)
    request = payer.request(MoneyStep.CAPTURE, 700)
    assert isinstance(await payments.execute(request), Pending)
    return payer, request


async def test_a_notice_comes_until_it_is_taken(
    sandbox_bench: SandboxBench, payments: SandboxPayments, letterbox: Letterbox
) -> None:
    letterbox.answers = [500, 404]

    _, request = await captured_later(payments)
    (notice,) = await told(sandbox_bench, request)

    assert letterbox.answers == []
    assert isinstance(notice.answer, Succeeded)
    assert notice.answer.fee == FEES.of(700)


async def test_a_notice_says_whose_it_is_and_nothing_of_the_customer(
    sandbox_bench: SandboxBench, payments: SandboxPayments, letterbox: Letterbox
) -> None:
    payer, request = await captured_later(payments)
    await told(sandbox_bench, request)

    (delivery,) = letterbox.about(payer.order_id)
    body = said(delivery)
    assert set(body) == {"id", "source", "type", "subject", "time", "data"}
    assert (body["source"], body["type"]) == ("sandbox", "payment.decided")
    assert body["data"].pop("answer")["fee"] == FEES.of(700)
    assert body["data"] == {
        "order_id": payer.order_id,
        "kind": "capture",
        "idempotency_key": request.idempotency_key,
        "amount": 700,
        "currency": "USD",
        "status": "succeeded",
    }
    assert delivery.headers["webhook-id"] == body["id"]


async def test_what_is_answered_at_once_is_no_news(payments: SandboxPayments, letterbox: Letterbox) -> None:
    payer = Payer(payments, "tok_ok")
    await payer.authorize(1000)
    await payer.capture(400)
    await payer.void(600)

    await asyncio.sleep(1)

    assert letterbox.about(payer.order_id) == []


@pytest.mark.usefixtures("no_faults")
async def test_notices_may_come_twice_and_in_another_order(
    http: httpx.AsyncClient,
    psp_url: str,
    payments: SandboxPayments,
    sandbox_bench: SandboxBench,
    letterbox: Letterbox,
) -> None:
    plan = {"duplicate_notices": 1, "reorder_notices": 1, "seed": 7}
    put = await http.put(f"{psp_url}/faults", json=plan)
    assert put.json().items() >= plan.items()

    asked = [await captured_later(payments) for _ in range(8)]
    for _, request in asked:
        await told(sandbox_bench, request)
    orders = [payer.order_id for payer, _ in asked]
    async with asyncio.timeout(5):
        while any(len(letterbox.about(order)) < 2 for order in orders):  # noqa: ASYNC110 (another task has no event)
            await asyncio.sleep(0.05)

    for order in orders:
        first, second = (said(one) for one in letterbox.about(order))
        assert first == second
    came = [said(one)["subject"] for one in letterbox.arrived if said(one)["subject"] in orders]
    happened = sorted(orders, key=lambda order: said(letterbox.about(order)[0])["time"])
    assert list(dict.fromkeys(came)) != happened


async def test_what_is_under_way_is_neither_taken_nor_free(payments: SandboxPayments) -> None:
    payer, _ = await captured_later(payments)

    assert await payer.capture(301) == Declined("amount_exceeds_authorization", hard=True)
    assert await payer.refund(1) == Declined("amount_exceeds_captured", hard=True)
    assert isinstance(await payer.void(300), Succeeded)


async def test_a_refund_under_way_is_not_given_twice(payments: SandboxPayments) -> None:
    payer = Payer(payments, "tok_refund_pending")
    await payer.authorize(1000)
    await payer.capture(1000)

    answers = await asyncio.gather(*[payer.refund(400) for _ in range(5)])

    assert sum(isinstance(answer, Pending) for answer in answers) == 2
    assert sum(isinstance(answer, Declined) for answer in answers) == 3


async def test_a_provider_that_nobody_listens_to_keeps_its_notices(
    fresh_database_url: str, http: httpx.AsyncClient
) -> None:
    async with running(create_app(fresh_database_url)) as url:
        payments = SandboxPayments(http, url, PATIENT)
        _, request = await captured_later(payments)
        while isinstance(await payments.look_up(request), Pending):  # noqa: ASYNC110 (another task has no event for us)
            await asyncio.sleep(0.1)

    connection = await asyncpg.connect(fresh_database_url)
    kept = await connection.fetch("SELECT deliveries, attempts FROM psp.notices")
    await connection.close()
    assert [tuple(row) for row in kept] == [(1, 0)]


async def test_providers_on_the_same_books_tell_each_news_once(
    fresh_database_url: str, http: httpx.AsyncClient, letterbox: Letterbox, letterbox_url: str
) -> None:
    terms = Terms(settles_after=SETTLES_AFTER, notices=NoticeAddress(letterbox_url, SECRET))
    async with (
        running(create_app(fresh_database_url, terms)) as one,
        running(create_app(fresh_database_url, terms)) as other,
    ):
        payments = [SandboxPayments(http, url, PATIENT) for url in (one, other)]
        asked = [await captured_later(payments[number % 2]) for number in range(20)]
        orders = [payer.order_id for payer, _ in asked]
        async with asyncio.timeout(20):
            while not all(letterbox.about(order) for order in orders):  # noqa: ASYNC110 (as above)
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)

    assert [len(letterbox.about(order)) for order in orders] == [1] * len(orders)
