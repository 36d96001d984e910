"""The Stripe-shaped server is as strict as Stripe: else it would prove nothing of the adapter."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.adapters.payments.running_psp import running
from tests.adapters.payments.stripe_shaped.account import Account
from tests.adapters.payments.stripe_shaped.server import StripeShaped

GOOD = {
    "amount": "1000",
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "capture_method": "manual",
    "confirm": "true",
    "payment_method_options[card][request_multicapture]": "if_available",
}
SINGLE = GOOD | {"payment_method": "pm_card_credit_disableEnterpriseCardFeatures"}


class Caller:
    """Posts with a new key each time, unless one is given."""

    def __init__(self, account: Account, http: httpx.AsyncClient) -> None:
        self.account = account
        self.http = http
        self._numbers = 0

    async def post(self, path: str, data: dict[str, str], key: str | None = None) -> httpx.Response:
        self._numbers += 1
        headers = {"Idempotency-Key": key or f"key-{self._numbers}"}
        return await self.http.post(f"/v1/{path}", data=data, headers=headers)

    async def intent(self, data: dict[str, str] = GOOD) -> dict[str, Any]:
        made: dict[str, Any] = (await self.post("payment_intents", data)).raise_for_status().json()
        return made


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    account = Account()
    async with (
        running(StripeShaped(account, 0).app()) as url,
        httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {account.secret_key}"}) as http,
    ):
        yield Caller(account, http)


def error(answer: httpx.Response) -> tuple[int, str | None, str | None]:
    told = answer.json()["error"]
    return answer.status_code, told.get("code"), told.get("param")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"amont": "1"}, (400, "parameter_unknown", "amont")),
        ({"metadata[a][b]": "1"}, (400, None, "metadata")),
        (
            {"payment_method_options[card][x]": "1"},
            (400, "parameter_unknown", "payment_method_options[card][x]"),
        ),
        ({"amount": "10.00"}, (400, "parameter_invalid_integer", "amount")),
        ({"amount": "49"}, (400, "amount_too_small", "amount")),
        ({"confirm": "True"}, (400, None, "confirm")),
        ({"capture_method": "later"}, (400, None, "capture_method")),
        ({"currency": "USD"}, (400, None, "currency")),
        ({"currency": "kwd", "amount": "1001"}, (400, None, "amount")),
        ({"currency": "isk", "amount": "1050"}, (400, None, "amount")),
        ({"payment_method": "pm_of_nobody"}, (404, "resource_missing", "payment_method")),
        ({"customer": "cus_other"}, (400, None, "payment_method")),
        ({f"metadata[{'x' * 41}]": "1"}, (400, None, "metadata")),
        ({"metadata[x]": "1" * 501}, (400, None, "metadata")),
        ({f"metadata[{n}]": "1" for n in range(51)}, (400, None, "metadata")),
        ({"expand[]": "payment_method"}, (400, None, "expand")),
    ],
)
async def test_what_stripe_does_not_take_is_refused(
    caller: Caller, changed: dict[str, str], refused: tuple[int, str | None, str | None]
) -> None:
    assert error(await caller.post("payment_intents", GOOD | changed)) == refused


async def test_only_the_accounts_own_key_opens_it(caller: Caller) -> None:
    answer = await caller.http.get("/v1/charges", headers={"Authorization": "Bearer sk_test_other"})

    assert answer.status_code == 401


async def test_a_key_repeats_its_answer_also_an_error_and_takes_no_other_request(caller: Caller) -> None:
    declined = GOOD | {"payment_method": "pm_card_visa_chargeDeclined"}

    first, again = [await caller.post("payment_intents", declined, "k1") for _ in range(2)]
    other = await caller.post("payment_intents", declined | {"amount": "1001"}, "k1")
    elsewhere = await caller.post("refunds", {"payment_intent": "pi_1"}, "k1")

    assert (first.status_code, again.status_code) == (402, 402)
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    for refused in (other, elsewhere):
        assert (refused.status_code, refused.json()["error"]["type"]) == (400, "idempotency_error")
    assert len(caller.account.of_kind("payment_intent")) == 1


async def test_a_key_is_in_use_while_its_request_is_under_way(caller: Caller) -> None:
    answers = await asyncio.gather(*[caller.post("payment_intents", GOOD, "k1") for _ in range(5)])

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert len(caller.account.of_kind("payment_intent")) == 1


async def test_a_key_is_forgotten_after_a_day_and_kept_for_no_invalid_request(caller: Caller) -> None:
    await caller.post("payment_intents", GOOD | {"amont": "1"}, "k1")
    first = await caller.post("payment_intents", GOOD, "k1")
    caller.account.skip(timedelta(hours=25))
    second = await caller.post("payment_intents", GOOD, "k1")

    assert first.json()["id"] != second.json()["id"]


async def test_captures_are_held_to_what_is_left_and_to_the_card(caller: Caller) -> None:
    several, single = await caller.intent(), await caller.intent(SINGLE)

    async def capture(intent: dict[str, Any], amount: int, **more: str) -> httpx.Response:
        data = {"amount_to_capture": str(amount), **more}
        return await caller.post(f"payment_intents/{intent['id']}/capture", data)

    assert error(await capture(several, 1001)) == (400, "amount_too_large", "amount_to_capture")
    assert error(await capture(several, 0)) == (400, "parameter_invalid_integer", "amount_to_capture")
    assert (await capture(several, 400, final_capture="false")).json()["amount_capturable"] == 600
    assert (await capture(several, 0)).json()["status"] == "succeeded"
    assert error(await capture(several, 1)) == (400, "payment_intent_unexpected_state", None)
    assert error(await capture(single, 400, final_capture="false")) == (400, None, "final_capture")
    closed = (await capture(single, 400)).json()
    assert (closed["status"], closed["amount_received"], closed["amount_capturable"]) == ("succeeded", 400, 0)


async def test_nothing_is_refunded_that_was_not_captured(caller: Caller) -> None:
    intent = await caller.intent()

    async def refund(amount: int) -> httpx.Response:
        return await caller.post("refunds", {"payment_intent": intent["id"], "amount": str(amount)})

    assert error(await refund(1)) == (400, None, None)
    await caller.post(f"payment_intents/{intent['id']}/capture", {"amount_to_capture": "400"})
    assert error(await refund(401)) == (400, None, "amount")
    assert (await refund(400)).json()["status"] == "succeeded"
    assert error(await refund(1)) == (400, "charge_already_refunded", None)


async def test_an_authorizations_time_ends(caller: Caller) -> None:
    never, part = await caller.intent(), await caller.intent()
    data = {"amount_to_capture": "400", "final_capture": "false"}
    await caller.post(f"payment_intents/{part['id']}/capture", data)

    caller.account.skip(timedelta(days=7))

    never, part = [
        (await caller.http.get(f"/v1/payment_intents/{one['id']}")).json() for one in (never, part)
    ]
    assert (never["status"], never["cancellation_reason"]) == ("canceled", "automatic")
    assert (part["status"], part["amount_received"]) == ("succeeded", 400)


async def test_search_trails_behind_and_lists_come_in_pages(caller: Caller) -> None:
    made = [await caller.intent(GOOD | {"metadata[n]": str(n)}) for n in range(3)]
    query = {"query": "metadata['n']:'1'"}

    before = (await caller.http.get("/v1/payment_intents/search", params=query)).json()
    caller.account.skip(timedelta(minutes=2))
    after = (await caller.http.get("/v1/payment_intents/search", params=query)).json()
    first = (await caller.http.get("/v1/payment_intents", params={"limit": "2"})).json()
    params = {"limit": "2", "starting_after": first["data"][-1]["id"]}
    second = (await caller.http.get("/v1/payment_intents", params=params)).json()

    assert before["data"] == []
    assert [one["id"] for one in after["data"]] == [made[1]["id"]]
    assert [one["id"] for one in first["data"] + second["data"]] == [one["id"] for one in reversed(made)]
    assert (first["has_more"], second["has_more"]) == (True, False)
