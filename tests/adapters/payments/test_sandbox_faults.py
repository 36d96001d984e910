"""Faults on demand: off by default, the same for the same seed and key, never a doubled effect."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service import Terms, create_app
from adapters.payments.sandbox_service.faults import FaultPlan, Faults
from domain.payment import MoneyStep, PaymentUnavailable, Succeeded
from tests.adapters.payments.conftest import PATIENT
from tests.adapters.payments.payer import Payer
from tests.adapters.payments.running_psp import running

HASTY = timedelta(seconds=0.5)
KEYS = [f"key-{number}" for number in range(400)]


@pytest.fixture
async def faulty_url(database_url: str) -> AsyncIterator[str]:
    """A provider of its own on the same books, whose faults disturb nobody else."""
    async with running(create_app(database_url, Terms(late_answer=timedelta(seconds=1)))) as url:
        yield url


@pytest.fixture
def patient(http: httpx.AsyncClient, faulty_url: str) -> SandboxPayments:
    return SandboxPayments(http, faulty_url, PATIENT)


async def put(http: httpx.AsyncClient, url: str, **plan: Any) -> None:
    (await http.put(f"{url}/faults", json=plan)).raise_for_status()


def test_without_a_plan_nothing_is_wrong() -> None:
    faults = Faults()

    assert faults.latency() == timedelta(0)
    assert not any(faults.errs(key) or faults.answers_late(key) for key in KEYS)
    assert {(faults.deliveries(key), faults.held_back(key)) for key in KEYS} == {(1, timedelta(0))}


def test_a_seed_draws_the_same_faults_again_and_about_as_many_as_asked() -> None:
    def drawn(seed: int) -> list[tuple[bool, bool, int]]:
        faults = Faults()
        faults.put(FaultPlan(seed=seed, error_rate=0.25, timeout_after_effect=0.5, duplicate_notices=0.1))
        return [(faults.errs(key), faults.answers_late(key), faults.deliveries(key)) for key in KEYS]

    errors, late, deliveries = zip(*drawn(1), strict=True)

    assert drawn(1) == drawn(1) != drawn(2)
    assert 60 < sum(errors) < 140
    assert 150 < sum(late) < 250
    assert 410 < sum(deliveries) < 470


def test_each_call_of_a_key_draws_anew_so_that_it_is_answered_in_the_end() -> None:
    faults = Faults()
    faults.put(FaultPlan(error_rate=0.5))

    calls = [[faults.errs(key) for _ in range(40)] for key in KEYS]

    assert all(False in drawn for drawn in calls)
    assert any(drawn[0] for drawn in calls)


def test_notices_are_lost_and_every_fault_that_was_met_is_counted() -> None:
    faults = Faults()
    faults.put(FaultPlan(error_rate=1, lost_notices=0.5))

    deliveries = [faults.deliveries(key) for key in KEYS]
    errors = [faults.errs(key) for key in KEYS[:3]]

    assert set(deliveries) == {0, 1}
    assert +faults.met == {"lost_notice": deliveries.count(0), "error": len(errors)}


@pytest.mark.parametrize(
    "plan",
    [{"error_rate": 1.5}, {"error_rate": -0.1}, {"latency_ms": -1}, {"latency_ms": 1e9}, {"unheard": 1}, []],
)
async def test_a_plan_that_cannot_be_is_422(http: httpx.AsyncClient, faulty_url: str, plan: Any) -> None:
    assert (await http.put(f"{faulty_url}/faults", json=plan)).status_code == 422
    assert (await http.get(f"{faulty_url}/faults")).json() == FaultPlan().model_dump()


async def test_latency_keeps_each_operation_waiting(
    http: httpx.AsyncClient, faulty_url: str, patient: SandboxPayments
) -> None:
    await put(http, faulty_url, latency_ms=200)
    started = time.monotonic()

    answer = await Payer(patient, "tok_ok").authorize(1000)

    assert isinstance(answer, Succeeded)
    assert time.monotonic() - started >= 0.2


async def test_errors_are_before_any_effect(
    http: httpx.AsyncClient, faulty_url: str, patient: SandboxPayments
) -> None:
    await put(http, faulty_url, error_rate=1)
    request = Payer(patient, "tok_ok").request(MoneyStep.AUTHORIZE, 1000)

    with pytest.raises(PaymentUnavailable):
        await patient.execute(request)

    assert await patient.look_up(request) is None


async def test_an_order_may_have_faults_of_its_own(
    http: httpx.AsyncClient, faulty_url: str, patient: SandboxPayments
) -> None:
    unlucky, lucky = Payer(patient, "tok_ok"), Payer(patient, "tok_ok")
    own = {"order_id": unlucky.order_id}
    (await http.put(f"{faulty_url}/faults", params=own, json={"error_rate": 1})).raise_for_status()

    assert isinstance(await lucky.authorize(1000), Succeeded)
    with pytest.raises(PaymentUnavailable):
        await unlucky.authorize(1000)

    assert (await http.get(f"{faulty_url}/faults")).json() == FaultPlan().model_dump()
    assert (await http.get(f"{faulty_url}/faults", params=own)).json()["error_rate"] == 1
    assert (await http.get(f"{faulty_url}/faults/met", params=own)).json() == {"error": 1}
    assert (await http.get(f"{faulty_url}/faults/met")).json() == {}


async def test_an_answer_that_comes_too_late_is_of_one_effect(
    http: httpx.AsyncClient, faulty_url: str, patient: SandboxPayments
) -> None:
    await put(http, faulty_url, timeout_after_effect=1)
    payer = Payer(patient, "tok_ok")
    request = payer.request(MoneyStep.AUTHORIZE, 1000)

    with pytest.raises(PaymentUnavailable):
        await SandboxPayments(http, faulty_url, HASTY).execute(request)
    answers = await asyncio.gather(*[patient.execute(request) for _ in range(10)])

    assert len(set(answers)) == 1
    found = await http.get(f"{faulty_url}/operations", params={"order_id": payer.order_id})
    assert len(found.json()["data"]) == 1
