"""The page on which a customer confirms a payment, and what waits for it."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from adapters.payments.sandbox import SandboxPayments
from domain.payment import ActionRequired, Declined, MoneyStep, PaymentRequest, Succeeded
from tests.adapters.payments.letterbox import Letterbox
from tests.adapters.payments.payer import Books, Payer


@pytest.fixture
def payer(payments: SandboxPayments) -> Payer:
    return Payer(payments, "tok_3ds")


@pytest.fixture
def request_(payer: Payer) -> PaymentRequest:
    return payer.request(MoneyStep.AUTHORIZE, 1000)


@pytest.fixture
async def challenge(payer: Payer, request_: PaymentRequest) -> ActionRequired:
    required = await payer.provider.execute(request_)
    assert isinstance(required, ActionRequired)
    payer.authorization = required.reference
    return required


async def test_a_browser_shows_the_page_and_sends_its_form(
    http: httpx.AsyncClient, challenge: ActionRequired, payer: Payer, request_: PaymentRequest
) -> None:
    page = await http.get(challenge.url)
    ended = await http.post(challenge.url, data={"outcome": "passed"})
    after = await http.get(challenge.url)

    assert "Confirm your payment" in page.text
    assert (ended.status_code, ended.json()) == (200, {"status": "succeeded"})
    assert "no longer" in after.text
    assert isinstance(await payer.provider.look_up(request_), Succeeded)


@pytest.mark.parametrize(("first", "other"), [("passed", "failed"), ("failed", "passed")])
async def test_it_ends_once(
    http: httpx.AsyncClient, challenge: ActionRequired, first: str, other: str
) -> None:
    async def end(outcome: str) -> int:
        return (await http.post(challenge.url, json={"outcome": outcome})).status_code

    assert [await end(first), await end(first), await end(other), await end(first)] == [200, 200, 409, 200]


async def test_customers_who_click_at_once_pay_once(
    http: httpx.AsyncClient, challenge: ActionRequired, payer: Payer, books: Books, letterbox: Letterbox
) -> None:
    clicks = [http.post(challenge.url, json={"outcome": "passed"}) for _ in range(20)]

    answers = await asyncio.gather(*clicks)

    assert {answer.status_code for answer in answers} == {200}
    assert [row["status"] for row in await books(payer.order_id)] == ["succeeded"]
    await asyncio.sleep(1)
    assert len(letterbox.about(payer.order_id)) == 1


async def test_nothing_is_held_before_the_customer_confirms(
    challenge: ActionRequired, payer: Payer, books: Books
) -> None:
    assert await payer.capture(1) == Declined("action_required", hard=False)
    assert isinstance(await payer.refund(1), Declined)
    assert [(row["kind"], row["status"]) for row in await books(payer.order_id)] == [
        ("authorize", "pending"),
        ("capture", "failed"),
        ("refund", "failed"),
    ]


async def test_what_was_called_off_cannot_be_confirmed(
    http: httpx.AsyncClient, challenge: ActionRequired, payer: Payer, books: Books, letterbox: Letterbox
) -> None:
    void = payer.request(MoneyStep.VOID, 1000)
    called_off = await payer.provider.execute(void)

    ended = await http.post(challenge.url, json={"outcome": "passed"})

    assert isinstance(called_off, Succeeded)
    assert (ended.status_code, ended.json()) == (409, {"status": "declined"})
    assert await payer.provider.look_up(void) == called_off
    # To call off what held nothing moves no money, so it is in no book.
    assert [(row["kind"], row["status"]) for row in await books(payer.order_id)] == [
        ("authorize", "declined")
    ]
    assert letterbox.about(payer.order_id) == []


async def test_a_void_and_a_click_at_once_have_one_winner(
    http: httpx.AsyncClient, payments: SandboxPayments, books: Books
) -> None:
    for _ in range(20):
        payer = Payer(payments, "tok_3ds")
        required = await payer.authorize(1000)
        assert isinstance(required, ActionRequired)
        payer.authorization = required.reference

        voided, ended = await asyncio.gather(
            payer.void(1000), http.post(required.url, json={"outcome": "passed"})
        )

        rows = [(row["kind"], row["status"]) for row in await books(payer.order_id)]
        assert isinstance(voided, Succeeded)
        if ended.status_code == 200:
            assert rows == [("authorize", "succeeded"), ("void", "succeeded")]
        else:
            assert rows == [("authorize", "declined")]
        assert isinstance(await payer.capture(1), Declined)


@pytest.mark.parametrize("said", [{}, {"outcome": "maybe"}, {"outcome": "passed", "more": 1}, [], "passed"])
async def test_an_end_that_says_nothing_is_422(
    http: httpx.AsyncClient, challenge: ActionRequired, said: Any
) -> None:
    assert (await http.post(challenge.url, json=said)).status_code == 422
    assert (await http.post(challenge.url, content=b"\xff")).status_code == 422


async def test_what_needs_no_confirmation_has_no_page(
    http: httpx.AsyncClient, payments: SandboxPayments, psp_url: str
) -> None:
    plain = Payer(payments, "tok_ok")
    await plain.authorize(1000)

    for reference in (plain.authorization, uuid.uuid4().hex):
        url = f"{psp_url}/challenges/{reference}"
        assert (await http.get(url)).status_code == 404
        assert (await http.post(url, json={"outcome": "passed"})).status_code == 404
