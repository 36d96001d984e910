"""One story's rows alone: views that shadow the tables, so that the auditor's own queries see nothing else.

An auditor's connection that was told so by `see_one_story` reads `orders`, and finds the orders of one story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from cli.audit import Evidence, judge
from cli.audit.evidence import Row, Rows
from cli.audit.tables import tables_seen_by

_NAME: Final = "current_setting('story.name')"
_COLUMNS: Final = """SELECT table_name, array_agg(column_name::text) AS columns
    FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name"""
_FIRST: Final = ("orders", "fulfillment_orders", "parcels", "returns")
"""Tables that others are narrowed by."""
_NARROWED: Final = {
    "sku": f"starts_with(sku, {_NAME})",
    "order_id": "order_id IN (SELECT id FROM one_story.orders)",
    "fulfillment_id": "fulfillment_id IN (SELECT id FROM one_story.fulfillment_orders)",
    "parcel_id": "parcel_id IN (SELECT id FROM one_story.parcels)",
    "return_id": "return_id IN (SELECT id FROM one_story.returns)",
    "location_id": f"starts_with(location_id, {_NAME})",
}
"""By the first of these columns that a table has; one that has none is the same for all stories."""
_BOOKS: Final = """SELECT * FROM psp.operations
    WHERE order_id IN (SELECT id FROM one_story.orders) AND amount > 0 ORDER BY seq"""
"""What moved no money is a request that was answered, and stands in nobody's books."""
_OF_AUDITORS: Final = {"search_path": "one_story,public", "application_name": "auditor"}
_DONE: Final = 201
_UNRESOLVED: Final = {"open", "abandoned"}

OF_ITS_CUSTOMER: Final = f"customer_id = {_NAME}"
OF_ITS_PRODUCTS: Final = f"id IN (SELECT order_id FROM public.order_lines WHERE starts_with(sku, {_NAME}))"  # noqa: S608
"""Which orders are a story's: those of a customer of its name, or of products whose SKUs begin with it."""


async def prepare(database_url: str, orders: str = OF_ITS_CUSTOMER) -> None:
    """Make the views, once per database."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("CREATE SCHEMA one_story")
        tables = {row["table_name"]: row["columns"] for row in await connection.fetch(_COLUMNS)}
        for table in (*(one for one in _FIRST if one in tables), *tables.keys() - set(_FIRST)):
            condition = orders if table == "orders" else _condition(tables[table])
            if condition is not None:
                await connection.execute(
                    f"CREATE VIEW one_story.{table} AS SELECT * FROM public.{table} WHERE {condition}"  # noqa: S608
                )
    finally:
        await connection.close()


def _condition(columns: list[str]) -> str | None:
    return next((narrowed for column, narrowed in _NARROWED.items() if column in columns), None)


def auditors(database_url: str, most: int) -> asyncpg.Pool:
    """Connections for `see_one_story`, which keep their plans from one story to the next."""
    return asyncpg.create_pool(
        database_url, min_size=1, max_size=most, ssl=False, server_settings=_OF_AUDITORS
    )


async def see_one_story(seen: asyncpg.Connection, name: str) -> asyncpg.Connection:
    """Let only one story's rows be there for an auditor's connection."""
    await seen.execute("SELECT set_config('story.name', $1, false)", name)
    return seen


async def tables_of(seen: asyncpg.Connection) -> dict[str, Rows]:
    """The story's tables. Invoices are numbered over all stories: whether one lacks, none alone can tell."""
    tables = await tables_seen_by(seen)
    return {**tables, "documents": [{**row, "number": None} for row in tables["documents"]]}


async def books_seen_by(seen: asyncpg.Connection) -> Rows:
    """The provider's books of the story."""
    return [dict(row) for row in await seen.fetch(_BOOKS)]


@dataclass(frozen=True, slots=True)
class Look:
    """A story's tables between two looks into its books: what happened meanwhile is in the second alone."""

    before: Rows
    tables: Mapping[str, Rows]
    after: Rows

    def at_rest(self) -> tuple[dict[str, Rows], Rows]:
        """The tables and the books without what is under way at this moment: its intent is not resolved."""
        known = {row["intent_key"] for row in self.tables["ledger"]}
        under_way = {row["key"] for row in self.tables["intents"] if row["status"] in _UNRESOLVED} - known
        before = {row["idempotency_key"]: row for row in self.before}
        operations = [
            _as_told(row, known)
            for row in self.after
            if (key := row["idempotency_key"]) in known or (key not in under_way and before.get(key) == row)
        ]
        return {**self.tables, "outbox": []}, operations


def _as_told(row: Row, known: set[str]) -> Row:
    """A refund that failed after it had succeeded stands as it did until that is told."""
    untold = row["status"] == "failed" and row["answer_status"] == _DONE and row["idempotency_key"] in known
    return {**row, "status": "succeeded"} if untold else row


async def look_at(seen: asyncpg.Connection) -> Look:
    """Look at a story while things happen to it."""
    before = await books_seen_by(seen)
    tables = await tables_of(seen)
    return Look(before, tables, await books_seen_by(seen))


async def wrongs_of(database_url: str, name: str) -> list[str]:
    """Everything about a story that is not as it must be, whatever is under way at this moment."""
    seen = await asyncpg.connect(database_url, ssl=False, server_settings=_OF_AUDITORS)
    try:
        await see_one_story(seen, name)
        tables, operations = (await look_at(seen)).at_rest()
    finally:
        await seen.close()
    return [str(found) for one in judge(Evidence(tables, operations)) for found in one.findings or ()]
