"""The provider's HTTP contract: keys, bodies, and the auditors' books."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from domain.payment import MoneyStep, Succeeded
from tests.adapters.payments.payer import Books, Payer


@pytest.fixture
def body() -> dict[str, Any]:
    order_id = f"order-{uuid.uuid4().hex}"
    return {"order_id": order_id, "amount": 1000, "currency": "USD", "token": "tok_ok"}


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


async def test_a_call_without_a_key_is_400(
    http: httpx.AsyncClient, psp_url: str, body: dict[str, Any]
) -> None:
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 256}):
        answer = await http.post(f"{psp_url}/authorizations", json=body, headers=headers)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 1.5},
        {"amount": "10"},
        {"amount": True},
        {"amount": 10**30},
        {"currency": "usd"},
        {"token": ""},
        {"token": "nul\0"},
        {"order_id": None},
        {"unheard": "of"},
    ],
)
async def test_a_body_that_cannot_be_true_is_422(
    http: httpx.AsyncClient, psp_url: str, body: dict[str, Any], wrong: dict[str, Any]
) -> None:
    answer = await http.post(f"{psp_url}/authorizations", json=body | wrong, headers=_key())

    assert answer.status_code == 422


async def test_a_replay_is_the_stored_answer_to_the_byte(
    http: httpx.AsyncClient, psp_url: str, body: dict[str, Any]
) -> None:
    key = _key()

    first = await http.post(f"{psp_url}/authorizations", json=body, headers=key)
    again = await http.post(f"{psp_url}/authorizations", json=body, headers=key)

    assert first.status_code == again.status_code == 201
    assert first.content == again.content


async def test_a_key_with_another_body_or_step_is_422(
    http: httpx.AsyncClient, psp_url: str, body: dict[str, Any], books: Books
) -> None:
    key = _key()
    first = await http.post(f"{psp_url}/authorizations", json=body, headers=key)
    capture = {name: value for name, value in body.items() if name != "token"}
    capture["authorization"] = first.json()["authorization"]

    other_body = await http.post(f"{psp_url}/authorizations", json=body | {"amount": 999}, headers=key)
    other_step = await http.post(f"{psp_url}/captures", json=capture, headers=key)

    assert other_body.status_code == other_step.status_code == 422
    assert other_body.json()["code"] == "idempotency_key_reused"
    assert len(await books(body["order_id"])) == 1


@pytest.mark.parametrize("path", ["captures", "voids", "refunds"])
async def test_an_unknown_or_foreign_authorization_is_404(
    http: httpx.AsyncClient, psp_url: str, body: dict[str, Any], path: str
) -> None:
    made = await http.post(f"{psp_url}/authorizations", json=body, headers=_key())
    theirs = {"order_id": "another", "amount": 1000, "currency": "USD"}

    for reference in ("auth_of_nobody", made.json()["authorization"]):
        asked = theirs | {"authorization": reference}
        answer = await http.post(f"{psp_url}/{path}", json=asked, headers=_key())
        assert answer.status_code == 404
        assert answer.json() == {"code": "unknown_authorization", "hard": True}


async def test_another_currency_is_refused(
    http: httpx.AsyncClient, psp_url: str, body: dict[str, Any]
) -> None:
    made = await http.post(f"{psp_url}/authorizations", json=body, headers=_key())
    asked = {name: value for name, value in body.items() if name != "token"} | {
        "authorization": made.json()["authorization"],
        "currency": "EUR",
    }

    answer = await http.post(f"{psp_url}/captures", json=asked, headers=_key())

    assert answer.status_code == 402
    assert answer.json() == {"code": "currency_mismatch", "hard": True}


@pytest.mark.parametrize("step", [MoneyStep.AUTHORIZE, MoneyStep.CAPTURE, MoneyStep.REFUND])
async def test_fifty_equal_calls_at_once_have_one_effect(
    payments: SandboxPayments, books: Books, step: MoneyStep
) -> None:
    payer = Payer(payments, "tok_ok")
    await payer.authorize(1000)
    await payer.capture(100)
    before = len(await books(payer.order_id))
    request = payer.request(step, 10)

    answers = await asyncio.gather(*[payments.execute(request) for _ in range(50)])

    assert len(set(answers)) == 1
    assert isinstance(answers[0], Succeeded)
    assert len(await books(payer.order_id)) == before + 1


async def test_fifty_captures_at_once_take_no_more_than_there_is(
    payments: SandboxPayments, books: Books
) -> None:
    payer = Payer(payments, "tok_ok")
    await payer.authorize(1000)

    answers = await asyncio.gather(*[payer.capture(300) for _ in range(50)])

    assert sum(isinstance(answer, Succeeded) for answer in answers) == 3
    rows = [row for row in await books(payer.order_id) if row["kind"] == "capture"]
    assert sum(row["amount"] for row in rows if row["status"] == "succeeded") == 900


async def test_the_books_tell_what_moved_oldest_first(payments: SandboxPayments, books: Books) -> None:
    payer = Payer(payments, "tok_ok")
    await payer.authorize(1000)
    await payer.capture(400)
    await payer.capture(601)
    await payer.void(1000)

    rows = await books(payer.order_id)

    assert [(row["kind"], row["amount"], row["status"]) for row in rows] == [
        ("authorize", 1000, "succeeded"),
        ("capture", 400, "succeeded"),
        ("capture", 601, "failed"),
        ("void", 600, "succeeded"),
    ]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert all(row["idempotency_key"].startswith(payer.order_id) for row in rows)


async def test_the_books_of_all_orders_are_paged(
    http: httpx.AsyncClient, psp_url: str, payments: SandboxPayments
) -> None:
    payers = [Payer(payments, "tok_ok") for _ in range(5)]
    for payer in payers:
        await payer.authorize(1000)

    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await http.get(f"{psp_url}/operations", params=params)).json()
        assert len(page["data"]) <= 2
        seen += [row["idempotency_key"] for row in page["data"]]
        ours = [row["order_id"] for row in page["data"]]
        assert all(ours)
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert len(seen) == len(set(seen))
    assert [key.split(":")[0] for key in seen[-5:]] == [payer.order_id for payer in payers]


async def test_the_probes_answer(http: httpx.AsyncClient, psp_url: str) -> None:
    assert (await http.get(f"{psp_url}/livez")).status_code == 200
    assert (await http.get(f"{psp_url}/readyz")).json() == {"checks": {"database": "ok"}}
