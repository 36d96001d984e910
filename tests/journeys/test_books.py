"""Finance closes the books: invoices per shipment, credit notes per refund, and a ledger that says it all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.main import main
from tests.adapters.test_invoice_pdf import texts
from tests.returning import ask_back, delivered, inspect, receive, refunded
from tests.world import World, at


async def documents(service: World, order_id: str) -> list[dict[str, Any]]:
    """The order's invoices and credit notes, when all of them have their numbers."""
    deadline = asyncio.get_running_loop().time() + 30
    while True:
        listed = (await service.get("ops", f"/v1/orders/{order_id}/invoices"))["data"]
        if listed and all(one["number"] for one in listed):
            return list(listed)
        assert asyncio.get_running_loop().time() < deadline, listed
        await asyncio.sleep(0.1)


def sums(**parts: int) -> dict[str, int]:
    """A document's totals, 0 where nothing is said."""
    names = ("items", "shipping", "adjustment", "tax", "shipping_tax", "adjustment_tax", "total")
    return dict.fromkeys(names, 0) | parts


async def payments(service: World, order_id: str) -> dict[str, Any]:
    return await service.get("storefront", f"/v1/orders/{order_id}/payments")


async def pdf(service: World, document: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {service.keys['storefront']}", "Accept": "application/pdf"}
    return await service.http.get(f"/v1/invoices/{document}", headers=headers)


async def test_each_shipment_is_invoiced_for_what_it_made_due(service: World) -> None:
    first, second = await service.sku(north=1), await service.sku(south=3)
    lines = [
        {"sku": first, "quantity": 1, "unit_price": 333},
        {"sku": second, "quantity": 3, "unit_price": 777},
    ]
    order_id = await service.place(lines=lines, shipping_price=499, discount=100, tax=77)
    order = await service.until(order_id, "in_fulfillment")
    await service.ship(at(order, "south")["id"])
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)

    south, north = await documents(service, order_id)

    captures = [amount for kind, amount, _ in await service.books(order_id) if kind == "capture"]
    assert south["totals"] == {
        "items": 3 * 777 - 87,
        "shipping": 499,
        "adjustment": 0,
        "tax": 67,
        "shipping_tax": 0,
        "adjustment_tax": 0,
        "total": 2810,
    }
    assert north["totals"] == sums(items=333 - 13, tax=10, total=330)
    assert sum(captures) == 2810 + 330
    assert [line["units"] for line in south["lines"]] == [3]
    assert south["fulfillment_id"] == at(order, "south")["id"]
    assert south["buyer"]["name"] == "Ada Field"
    balances = (await payments(service, order_id))["balances"]
    assert balances["invoiced"] == balances["captured"] == 3140
    assert balances["receivable"] == balances["held"] == 0


async def test_a_unit_cancelled_before_it_ships_is_not_invoiced(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 3))
    order = await service.until(order_id, "in_fulfillment")
    await service.cancel(order_id, ("1", 1))
    await service.step(order["fulfillments"][0]["id"], "accept")
    await service.ship(order["fulfillments"][0]["id"])
    await service.until_books(order_id, 3)

    (invoice,) = await documents(service, order_id)

    assert (invoice["totals"]["total"], invoice["lines"][0]["units"]) == (2500, 2)
    effects = (await payments(service, order_id))["effects"]
    assert [(one["kind"], one["amount"], one["status"]) for one in effects] == [
        ("authorize", 3500, "succeeded"),
        ("capture", 2500, "succeeded"),
        ("void", 1000, "succeeded"),
    ]


async def test_a_return_is_credited_with_its_units_and_their_tax(service: World) -> None:
    sku = await service.sku(north=2)
    lines = [{"sku": sku, "quantity": 2, "unit_price": 1000}]
    order_id = await delivered(service, lines=lines, tax=101)
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "restock"))
    await refunded(service, order_id, 1051)

    invoice, note = await documents(service, order_id)

    assert (invoice["kind"], note["kind"]) == ("invoice", "credit_note")
    assert note["totals"] == sums(items=1000, tax=51, total=1051)
    assert note["lines"][0]["units"] == 1
    assert note["corrects"] == [{"id": invoice["id"], "number": invoice["number"]}]
    assert (note["shipped_at"], invoice["corrects"]) == (None, [])
    assert invoice["shipped_at"] == invoice["written_at"]
    assert (note["reason"], note["refund_to"]) == ("returned", "original")
    balances = (await payments(service, order_id))["balances"]
    assert (balances["credited"], balances["refunded"], balances["refunds_payable"]) == (1051, 1051, 0)


async def test_the_last_unit_of_an_order_is_credited_at_its_price_after_appeasements(service: World) -> None:
    lines = [{"sku": await service.sku(north=2), "quantity": 2, "unit_price": 1000}]
    order_id = await delivered(service, lines=lines, shipping_price=300, tax=160)
    await service.give(order_id, 50)
    for given in (1000, None):
        name = (await ask_back(service, order_id, ("1", 1), refund_to="store_credit"))["id"]
        await receive(service, name, "north", ("1", 1))
        await inspect(service, name, ("1", 1, "restock"))
        if given is not None:
            await service.give(order_id, given, role="admin")

    note = (await documents(service, order_id))[-1]

    assert note["totals"] == sums(items=1000, adjustment=-689, tax=19, adjustment_tax=-61, total=330)
    (line,) = note["lines"]
    assert (line["units"], line["unit_price"], line["tax"], line["amount"]) == (1, 1000, 80, 1080)
    booked = [
        one["amount"]
        for transaction in (await payments(service, order_id))["transactions"]
        for one in transaction["entries"]
        if one["account"] == "sales"
    ]
    assert sum(booked) == 0


async def test_store_credit_is_a_liability_of_its_own(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1), refund_to="store_credit"))["id"]
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "scrap"))

    _, note = await documents(service, order_id)

    assert note["refund_to"] == "store_credit"
    assert note == await service.get("ops", f"/v1/invoices/{note['id']}")
    balances = (await payments(service, order_id))["balances"]
    assert (balances["store_credit"], balances["credited"], balances["refunded"]) == (1000, 1000, 0)


async def test_what_never_arrives_is_credited_with_its_shipping(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(order["fulfillments"][0]["id"])
    await service.paid(order_id)
    await service.scan(number, "failed")
    await service.scan(number, "returned_to_sender")
    await refunded(service, order_id, 1500)

    _, note = await documents(service, order_id)

    assert note["totals"] == sums(items=1000, shipping=500, total=1500)


async def test_an_invoice_as_pdf_is_the_same_bytes_for_everybody(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    (invoice,) = await documents(service, order_id)

    drawn, again = await pdf(service, invoice["id"]), await pdf(service, invoice["id"])

    assert drawn.headers["Content-Type"] == "application/pdf"
    assert drawn.headers["Content-Disposition"] == f'inline; filename="{invoice["number"]}.pdf"'
    assert drawn.headers["Vary"] == "Accept"
    assert drawn.content == again.content
    said = texts(drawn.content)
    assert f"Number {invoice['number']}" in said
    assert {"Thing", sku, "10.00", "5.00", "15.00", "Ada Field"} <= set(said)


@asynccontextmanager
async def planted(service: World, order_id: str) -> AsyncIterator[None]:
    """For as long as the block lasts, the provider's books say one minor unit less than it took."""
    for less in (1, -1):
        async with service.database() as connection:
            await connection.execute(
                text(
                    "UPDATE psp.operations SET amount = amount - :less"
                    " WHERE order_id = :order AND kind = 'capture'"
                ),
                {"less": less, "order": order_id},
            )
        if less == 1:
            yield


async def test_a_settlement_names_the_order_whose_books_differ_by_one_minor_unit(
    service: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1))
    today = datetime.now(UTC).date().isoformat()
    before = await service.get("ops", f"/v1/settlements/{today}?provider=sandbox")
    assert [one for one in before["differences"] if one["order_id"] == order_id] == []
    monkeypatch.setenv("DATABASE_URL", service.settings.database_url)
    monkeypatch.setenv("OMS_PSP_URL", service.settings.psp_url)

    async with planted(service, order_id):
        found = await service.get("ops", f"/v1/settlements/{today}")
        told = await asyncio.to_thread(CliRunner().invoke, main, ["settle", "--date", today])

    assert (found["settled"], found["over"], before["settled"]) == (False, False, False)
    (difference,) = [one for one in found["differences"] if one["order_id"] == order_id]
    assert (difference["kind"], difference["key"]) == ("other_amount", f"{order_id}:capture:1")
    assert (difference["ours"]["amount"], difference["theirs"]["amount"]) == (1500, 1499)
    kind = {"provider": "sandbox", "step": "capture", "currency": "USD"}
    (captures,) = [one for one in found["totals"] if kind.items() <= one.items()]
    assert captures["ours"]["count"] > 0
    assert told.exit_code == 1
    assert f"sandbox  other_amount  {order_id}  {order_id}:capture:1" in told.output
    assert "ours    capture 15.00 USD succeeded" in told.output
    assert "theirs  capture 14.99 USD succeeded" in told.output


@pytest.mark.parametrize("day", ["2999-01-01", "9999-12-31"])
def test_a_day_that_has_not_begun_is_not_settled(day: str) -> None:
    told = CliRunner().invoke(main, ["settle", "--date", day])

    assert (told.exit_code, told.stderr) == (2, f"{day} has not begun: nothing of it can be settled\n")


async def test_a_settlement_without_a_provider_to_ask_ends_with_two(
    service: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", service.settings.database_url)
    monkeypatch.setenv("OMS_PSP_URL", "http://127.0.0.1:9")

    told = await asyncio.to_thread(CliRunner().invoke, main, ["settle", "--date", "2026-01-01"])

    assert told.exit_code == 2
