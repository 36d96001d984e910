"""The provider and its PostgreSQL die in the middle: no effect is lost and none is doubled."""

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service import create_app
from adapters.payments.sandbox_service.database import Database
from cli.embedded.ports import free_port
from cli.embedded.postgres import Postgres, prepare_postgres
from cli.embedded.supervisor import Supervisor
from domain.payment import MoneyStep, PaymentAnswer, PaymentRequest, PaymentUnavailable, Pending, Succeeded
from tests.adapters.payments.letterbox import SECRET, Letterbox
from tests.adapters.payments.payer import Books, Payer
from tests.adapters.payments.psp_process import PspProcess
from tests.adapters.payments.running_psp import running

PATIENT = timedelta(seconds=10)


@pytest.fixture(scope="module")
def process(
    database_url: str, letterbox_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PspProcess]:
    """Every test that ends it starts it again."""
    armed = tmp_path_factory.mktemp("failpoints")
    process = PspProcess(
        database_url, failpoints=armed, late_answer=timedelta(seconds=30), notice_url=letterbox_url
    )
    process.start()
    yield process
    process.kill()


@pytest.fixture
def own_process(fresh_database_url: str, letterbox_url: str, tmp_path: Path) -> Iterator[PspProcess]:
    """With books of its own, so that no other process decides or tells what is in them."""
    process = PspProcess(
        fresh_database_url, failpoints=tmp_path, late_answer=timedelta(seconds=30), notice_url=letterbox_url
    )
    process.start()
    yield process
    process.kill()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A server that does not run yet; durable, because it will be killed."""
    server = prepare_postgres(tmp_path, port=free_port(), durable=True)
    yield server
    server.discard()


@pytest.mark.parametrize("failpoint", ["psp-applied", "psp-committed"])
async def test_a_provider_that_dies_around_its_commit_has_one_effect(
    process: PspProcess, http: httpx.AsyncClient, books: Books, failpoint: str
) -> None:
    payer = Payer(SandboxPayments(http, process.url, PATIENT), "tok_ok")
    await payer.authorize(1000)
    request = payer.request(MoneyStep.CAPTURE, 1000)
    process.arm(failpoint)

    with pytest.raises(PaymentUnavailable):
        await payer.provider.execute(request)
    effects_before = len(await books(payer.order_id)) - 1
    process.start()
    answer = await payer.provider.execute(request)

    assert effects_before == (1 if failpoint == "psp-committed" else 0)
    assert isinstance(answer, Succeeded)
    assert [row["kind"] for row in await books(payer.order_id)] == ["authorize", "capture"]


@pytest.mark.parametrize("failpoint", ["psp-decided", "psp-notice-sent"])
async def test_a_provider_that_dies_around_its_news_tells_it_all_the_same(
    own_process: PspProcess, http: httpx.AsyncClient, letterbox: Letterbox, failpoint: str
) -> None:
    payer = Payer(
        SandboxPayments(http, own_process.url, PATIENT, notice_secret=SECRET), "tok_capture_pending"
    )
    await payer.authorize(1000)
    own_process.arm(failpoint)
    request = payer.request(MoneyStep.CAPTURE, 1000)

    assert isinstance(await payer.provider.execute(request), Pending)
    await asyncio.to_thread(own_process.wait_for_its_death)
    told_before = len(letterbox.about(payer.order_id))
    await asyncio.to_thread(own_process.start)
    while len(letterbox.about(payer.order_id)) == told_before:  # noqa: ASYNC110 (another process sends it)
        await asyncio.sleep(0.05)

    assert told_before == (1 if failpoint == "psp-notice-sent" else 0)
    notices = [payer.provider.read_notice(one.headers, one.body) for one in letterbox.about(payer.order_id)]
    assert len(set(notices)) == 1
    assert notices[0] is not None
    assert notices[0].answer == await payer.provider.look_up(request)
    assert isinstance(notices[0].answer, Succeeded)
    answer = await http.get(f"{own_process.url}/operations", params={"order_id": payer.order_id})
    assert [(row["kind"], row["status"]) for row in answer.json()["data"]] == [
        ("authorize", "succeeded"),
        ("capture", "succeeded"),
    ]


async def test_a_provider_killed_before_its_late_answer_has_one_effect(
    process: PspProcess, http: httpx.AsyncClient, books: Books
) -> None:
    payer = Payer(SandboxPayments(http, process.url, PATIENT), "tok_timeout_once")
    request = payer.request(MoneyStep.AUTHORIZE, 1000)

    call = asyncio.create_task(payer.provider.execute(request))
    while not await books(payer.order_id):  # noqa: ASYNC110 (another process has no event for us)
        await asyncio.sleep(0.02)
    process.kill()
    with pytest.raises(PaymentUnavailable):
        await call
    process.start()

    assert isinstance(await payer.provider.execute(request), Succeeded)
    assert len(await books(payer.order_id)) == 1


async def test_the_provider_outlives_its_database(
    postgres: Postgres, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    async with running(create_app(postgres.url)) as url:
        payer = Payer(SandboxPayments(http, url, PATIENT), "tok_ok")
        with pytest.raises(PaymentUnavailable):
            await payer.authorize(1000)

        async with Supervisor(tmp_path / "logs") as supervisor:
            await supervisor.start(postgres.part())
            answers = await asyncio.gather(*[payer.authorize(1000) for _ in range(20)])
            assert all(isinstance(answer, Succeeded) for answer in answers)

            later = Payer(payer.provider, "tok_capture_pending")
            await later.authorize(1000)

            os.kill(supervisor.pids["postgres"], signal.SIGKILL)
            assert isinstance(await _answer_at_last(payer, payer.request(MoneyStep.CAPTURE, 1000)), Succeeded)
            taken = later.request(MoneyStep.CAPTURE, 1000)
            assert isinstance(await _answer_at_last(later, taken), Pending)
            while isinstance(await payer.provider.look_up(taken), Pending):  # noqa: ASYNC110 (asked over HTTP)
                await asyncio.sleep(0.1)
            assert isinstance(await payer.provider.look_up(taken), Succeeded)

        assert (await http.get(f"{url}/readyz")).status_code == 503
        assert (await http.get(f"{url}/livez")).status_code == 200


async def _answer_at_last(payer: Payer, request: PaymentRequest) -> PaymentAnswer:
    async with asyncio.timeout(PATIENT.total_seconds()):
        while True:
            try:
                return await payer.provider.execute(request)
            except PaymentUnavailable:
                await asyncio.sleep(0.05)


async def test_providers_that_start_at_once_share_their_tables(fresh_database_url: str) -> None:
    databases = [Database(fresh_database_url) for _ in range(8)]

    await asyncio.gather(*[database.ask() for database in databases])

    for database in databases:
        await database.close()
