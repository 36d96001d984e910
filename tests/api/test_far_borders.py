"""Numbers and times that only a column or a calendar ends: no defect, but an answer."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.api.asking import Asker, proof


async def adjusted(asker: Asker, delta: int) -> httpx.Response:
    cell = {"location_id": asker.known["location_id"][2], "sku": asker.known["sku"][0]}
    return await asker.posted("/v1/inventory/adjustments", cell | {"delta": delta, "reason": "receipt"})


async def scanned(asker: Asker, **event: Any) -> str:
    body = json.dumps({"tracking_number": asker.known["tracking_number"][0]} | event).encode()
    answer = await asker.client.post("/v1/carriers/generic/events", content=body, headers=proof(body))
    return str(answer.raise_for_status().json()["status"])


async def test_more_units_than_a_column_counts_are_refused(asker: Asker) -> None:
    answers = [await adjusted(asker, 10**9) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert answers[2].json()["type"] == "/problems/out-of-range"


@pytest.mark.parametrize("status", ["delivered", "exception"])
@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-23:59",
    ],
)
async def test_a_scan_at_the_end_of_the_calendar_is_quarantined(asker: Asker, at: str, status: str) -> None:
    assert await scanned(asker, status=status, occurred_at=at) in {"quarantined", "duplicate"}


@pytest.mark.parametrize("seq", [2**31, 2**62, -1])
async def test_a_history_may_be_asked_for_after_any_number(asker: Asker, seq: int) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([seq]).encode()).decode().rstrip("=")
    path = f"/v1/orders/{asker.known['order_id'][0]}/events"

    answer = await asker.client.get(path, params={"cursor": cursor})

    assert answer.status_code == 200
    assert bool(answer.json()["data"]) == (seq < 0)
