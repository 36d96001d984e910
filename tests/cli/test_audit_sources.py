"""Where the auditor gets its evidence, and the sums it does by itself."""

from typing import Any

import httpx
import pytest

from cli.audit import audit
from cli.audit.money import value_of_what_left
from cli.audit.provider import read_books

OPERATIONS = [{"idempotency_key": str(number)} for number in range(450)]


async def test_the_provider_s_books_are_read_to_the_last_page() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        start, limit = int(request.url.params.get("cursor", 0)), int(request.url.params["limit"])
        end = start + limit
        more = str(end) if end < len(OPERATIONS) else None
        return httpx.Response(200, json={"data": OPERATIONS[start:end], "next_cursor": more})

    async with httpx.AsyncClient(transport=httpx.MockTransport(page), base_url="http://psp") as http:
        read = await read_books(http)

    assert read == OPERATIONS


async def test_without_temporal_and_provider_the_tables_alone_are_judged(fresh_database_url: str) -> None:
    findings = await audit(fresh_database_url, None, None, "default", ["ord_lost"])

    assert findings == []


def line(amount: int, quantity: int, delivered: int) -> dict[str, Any]:
    return {"amount": amount, "quantity": quantity} | {
        "shipped": 0, "delivered": delivered, "returned": 0, "lost": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ([line(100, 3, 0)], 0),
        ([line(100, 3, 1)], 20 + 33),
        ([line(100, 3, 2)], 20 + 67),
        ([line(1, 2, 1)], 20 + 1),
        ([line(100, 3, 3), line(50, 1, 0)], 20 + 100),
    ],
)
def test_what_left_costs_its_share_half_up_and_the_shipping_once(
    lines: list[dict[str, Any]], value: int
) -> None:
    assert value_of_what_left(lines, shipping=20) == value
