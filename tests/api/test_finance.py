"""What finance asks for: who sells, what an order's money came to, and the settlement of a day."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

MUGS = {"name": "Mugs Ltd", "address": "9 Kiln Lane", "tax_id": "84-1"}


def entity() -> str:
    return f"entity-{uuid4().hex[:8]}"


def mugs(**changes: Any) -> dict[str, Any]:
    """A seller whose documents are numbered as nobody else's."""
    own = uuid4().hex[:8]
    return MUGS | {"invoice_prefix": f"{own}-", "credit_note_prefix": f"{own}-C"} | changes


async def refused_at(ops: httpx.AsyncClient, name: str, **changes: Any) -> str:
    """Where the problem lies with what is put."""
    answer = await ops.put(f"/v1/legal-entities/{name}", json=mugs(**changes))
    assert answer.status_code == 422, answer.text
    return str(answer.json()["errors"][0]["pointer"])


async def test_a_seller_is_there_from_the_first_day(ops: httpx.AsyncClient) -> None:
    answer = await ops.get("/v1/legal-entities/default")

    assert answer.status_code == 200
    assert answer.json()["invoice_prefix"] == "INV-"


async def test_a_seller_is_created_and_replaced(ops: httpx.AsyncClient) -> None:
    path, channel = f"/v1/legal-entities/{entity()}", uuid4().hex

    body = mugs(channels=[channel])
    created = await ops.put(path, json=body)
    replaced = await ops.put(path, json=body | {"name": "Mugs SA"})

    assert (created.status_code, replaced.status_code) == (201, 200)
    assert (await ops.get(path)).json() == replaced.json()
    assert replaced.json()["name"] == "Mugs SA"


async def test_sellers_are_listed_by_id_page_by_page(ops: httpx.AsyncClient) -> None:
    mine = sorted([entity(), entity()])
    for name in mine:
        await ops.put(f"/v1/legal-entities/{name}", json=mugs())

    seen: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = (await ops.get(f"/v1/legal-entities?limit=1{cursor and f'&cursor={cursor}'}")).json()
        seen += page["data"]
        cursor = page["next_cursor"]

    names = [one["id"] for one in seen]
    assert names == sorted(names)
    assert {"default", *mine} <= set(names)


async def test_two_sellers_cannot_sell_on_one_channel(ops: httpx.AsyncClient) -> None:
    channel = uuid4().hex
    await ops.put(f"/v1/legal-entities/{entity()}", json=mugs(channels=[channel]))

    assert await refused_at(ops, entity(), channels=["other", channel]) == "/channels/1"


async def test_invoices_and_credit_notes_of_a_seller_are_numbered_apart(ops: httpx.AsyncClient) -> None:
    same = uuid4().hex[:8]

    pointer = await refused_at(ops, entity(), invoice_prefix=same, credit_note_prefix=same)

    assert pointer == "/credit_note_prefix"


@pytest.mark.parametrize("prefix", ["INV-", "CN-", "INV-0", "INV-2026"])
async def test_no_seller_takes_numbers_of_another(ops: httpx.AsyncClient, prefix: str) -> None:
    assert await refused_at(ops, entity(), invoice_prefix=prefix) == "/invoice_prefix"
    assert await refused_at(ops, entity(), credit_note_prefix=prefix) == "/credit_note_prefix"


async def test_a_prefix_that_another_begins_with_is_none_of_its_numbers(ops: httpx.AsyncClient) -> None:
    own = uuid4().hex[:8]

    answer = await ops.put(f"/v1/legal-entities/{entity()}", json=mugs(invoice_prefix=f"INV-{own}-"))

    assert answer.status_code == 201


async def test_numbers_without_a_prefix_are_refused(ops: httpx.AsyncClient) -> None:
    assert await refused_at(ops, entity(), invoice_prefix="") == "/invoice_prefix"


@pytest.mark.parametrize(
    "path", ["/v1/legal-entities/nobody", "/v1/invoices/inv_none", "/v1/orders/ord_none/payments"]
)
async def test_what_is_not_there_is_404(ops: httpx.AsyncClient, path: str) -> None:
    assert (await ops.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/v1/legal-entities/default", "/v1/settlements/2026-11-23"])
async def test_the_books_are_not_for_storefronts(storefront: httpx.AsyncClient, path: str) -> None:
    assert (await storefront.get(path)).status_code == 403


@pytest.mark.parametrize(
    "asked",
    ["2026-11-31", "yesterday", "0001-01-01", "9999-12-31", "2999-01-01", "2026-11-23?provider=nobody"],
)
async def test_a_day_or_a_provider_that_is_none_is_422(ops: httpx.AsyncClient, asked: str) -> None:
    assert (await ops.get(f"/v1/settlements/{asked}")).status_code == 422


async def test_a_provider_that_cannot_be_asked_is_503(ops: httpx.AsyncClient) -> None:
    answer = await ops.get("/v1/settlements/2026-11-23")

    assert answer.status_code == 503
    assert answer.json()["type"].endswith("provider-unavailable")
