"""The books in PostgreSQL: what does not balance, comes twice or is changed afterwards cannot commit."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.db.legal_entities import LegalEntity, put_legal_entity
from adapters.db.locked_order import lock_order
from adapters.db.numbering import number_documents
from adapters.db.tables import carrier_services, invoices, ledger_entries, locations, service_bands
from domain import accounts
from domain.accounts import Account, Fact, Posting
from domain.errors import InvalidContent
from domain.payment import MoneyStep
from tests.properties.network import PLACES, Happening, SmallNetwork

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_STORY: list[Happening] = [
    ("receive", 0, 0, 4), ("receive", 0, 1, 4), ("receive", 1, 2, 4), ("receive", 1, 0, 4),
    *[("place", 1, 1, n) for n in range(4)], ("route", 0, 0, 0), ("route", 1, 0, 0), ("route", 2, 0, 0),
    *[("ship", which, where, 0) for which in range(4) for where in range(3)],
]  # fmt: skip


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    yield engine
    await engine.dispose()


@pytest.fixture
async def network(engine: AsyncEngine) -> SmallNetwork:
    """A few orders, most of them shipped."""
    async with engine.begin() as opening:
        for number, name in enumerate(PLACES):
            row = {"id": name, "name": name, "kind": "dc", "lat": 40 - number, "lng": -100}
            await opening.execute(insert(locations).values(row))
        await opening.execute(insert(carrier_services).values(name="ground"))
        await opening.execute(
            insert(service_bands).values(service="ground", max_km=20000, base=500, per_kg=100, transit_days=3)
        )
    network = SmallNetwork(engine)
    await network.open()
    for happening in _STORY:
        await network.happens(happening)
    return network


async def post(engine: AsyncEngine, order_id: str, *postings: Posting) -> None:
    async with engine.begin() as connection:
        order = await lock_order(connection, order_id, actor="test", now=NOW)
        for posting in postings:
            order.post(posting)
        await order.save()


async def entries(engine: AsyncEngine, key: str) -> dict[str, int]:
    async with engine.connect() as connection:
        rows = await connection.execute(select(ledger_entries).where(ledger_entries.c.transaction == key))
        return {row.account: row.amount for row in rows}


async def test_a_posting_is_written_with_its_order(engine: AsyncEngine, network: SmallNetwork) -> None:
    await post(engine, network.orders[0], accounts.effect("k", MoneyStep.CAPTURE, 100, 3))

    assert await entries(engine, "k") == {
        "psp_clearing": 97, "psp_fees": 3, "accounts_receivable": -100, "authorized_held": -100,
        "authorized_by_customers": 100,
    }  # fmt: skip


async def test_what_does_not_balance_cannot_commit(engine: AsyncEngine, network: SmallNetwork) -> None:
    crooked = Posting("k", Fact.INVOICE, {Account.ACCOUNTS_RECEIVABLE: 100, Account.SALES: -99})

    with pytest.raises(DBAPIError, match="does not balance"):
        await post(engine, network.orders[0], crooked)

    assert await entries(engine, "k") == {}


async def test_one_fact_is_posted_once(engine: AsyncEngine, network: SmallNetwork) -> None:
    fact = accounts.effect("k", MoneyStep.REFUND, 100)
    await post(engine, network.orders[0], fact)

    with pytest.raises(IntegrityError):
        await post(engine, network.orders[0], fact)


@pytest.mark.parametrize("change", ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"])
async def test_the_ledger_is_never_changed(engine: AsyncEngine, network: SmallNetwork, change: str) -> None:
    await post(engine, network.orders[0], accounts.expired("k", 5))

    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(change))


async def documents(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return list((await connection.execute(select(invoices).order_by(invoices.c.position))).all())


async def test_every_shipment_has_its_invoice_and_its_posting(
    engine: AsyncEngine, network: SmallNetwork
) -> None:
    written = await documents(engine)

    assert len(written) >= 3
    assert {row.number for row in written} == {None}
    for row in written:
        assert row.total == sum(line["amount"] for line in row.lines)
        assert await entries(engine, row.id) == {"accounts_receivable": row.total, "sales": -row.total}


async def test_numbers_have_no_gap_however_many_give_them(engine: AsyncEngine, network: SmallNetwork) -> None:
    numbered = await asyncio.gather(*(number_documents(engine, NOW) for _ in range(6)))

    written = await documents(engine)
    assert sum(numbered) == len(written)
    assert [row.number for row in written] == list(range(1, len(written) + 1))
    assert written[0].label == "INV-000001"
    assert written[0].seller["name"] == "The seller"
    assert written[0].names
    assert await number_documents(engine, NOW) == 0


async def test_who_dies_while_numbering_leaves_no_gap(
    engine: AsyncEngine, network: SmallNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_place: str) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched, contextlib.suppress(RuntimeError):
        patched.setattr("adapters.db.numbering.failpoint", die)
        await number_documents(engine, NOW)
    assert {row.number for row in await documents(engine)} == {None}

    await number_documents(engine, NOW)

    numbers = [row.number for row in await documents(engine)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoices SET total = total + 1, items = items + 1",
        "UPDATE invoices SET number = number + 100",
        "UPDATE invoices SET buyer = '{}'",
        "DELETE FROM invoices",
    ],
)
async def test_an_issued_document_is_never_changed(
    engine: AsyncEngine, network: SmallNetwork, change: str
) -> None:
    await number_documents(engine, NOW)

    with pytest.raises(DBAPIError, match="numbered once and never changed"):
        async with engine.begin() as connection:
            await connection.execute(text(change))


async def test_a_document_without_a_number_cannot_change_what_it_is_over(
    engine: AsyncEngine, network: SmallNetwork
) -> None:
    with pytest.raises(DBAPIError, match="numbered once and never changed"):
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE invoices SET total = 0, items = 0"))


def entity(name: str, *channels: str) -> LegalEntity:
    return LegalEntity(name, name.title(), "1 Road", None, f"{name}-", f"{name}-C", list(channels))


async def test_each_seller_has_numbers_of_their_own(engine: AsyncEngine, network: SmallNetwork) -> None:
    before = len(await documents(engine))
    async with engine.begin() as connection:
        assert await put_legal_entity(connection, entity("acme", "web"))
    for happening in (("receive", 0, 0, 9), ("place", 1, 0, 9), ("route", 0, 0, 0), ("route", 1, 0, 0)):
        await network.happens(happening)
    await network.happens(("ship", len(network.orders) - 1, 0, 0))

    await number_documents(engine, NOW)

    written = await documents(engine)
    assert [row.label for row in written[before:]] == ["acme-000001"]
    assert [row.number for row in written[:before]] == list(range(1, before + 1))


async def test_a_channel_is_sold_on_by_one(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await put_legal_entity(connection, entity("acme", "web"))

        with pytest.raises(InvalidContent, match="acme sells on web"):
            await put_legal_entity(connection, entity("bolt", "app", "web"))


async def test_a_prefix_that_documents_of_another_seller_have_is_not_free_again(
    engine: AsyncEngine, network: SmallNetwork
) -> None:
    await number_documents(engine, NOW)
    async with engine.begin() as connection:
        moved = LegalEntity("default", "Mugs", "1 Road", None, "X-", "XC-", [])
        await put_legal_entity(connection, moved)

        with pytest.raises(InvalidContent, match="documents of others have numbers"):
            await put_legal_entity(connection, replace(moved, id="acme", invoice_prefix="INV-"))

        back = replace(moved, invoice_prefix="INV-")
        assert await put_legal_entity(connection, back) is False
