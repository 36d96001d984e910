"""One story's rows alone: views that shadow the tables, so that the auditor's own queries see nothing else.

A connection opened with `see_one_story` reads `orders`, and finds the orders of one story.
"""

from typing import Final

import asyncpg

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
}
"""By the first of these columns that a table has; one that has none is the same for all stories."""


async def prepare(database_url: str) -> None:
    """Make the views, once per database."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("CREATE SCHEMA one_story")
        tables = {row["table_name"]: row["columns"] for row in await connection.fetch(_COLUMNS)}
        for table in (*(one for one in _FIRST if one in tables), *tables.keys() - set(_FIRST)):
            condition = _condition(table, tables[table])
            if condition is not None:
                await connection.execute(
                    f"CREATE VIEW one_story.{table} AS SELECT * FROM public.{table} WHERE {condition}"  # noqa: S608
                )
    finally:
        await connection.close()


def _condition(table: str, columns: list[str]) -> str | None:
    if table == "orders":
        return f"customer_id = {_NAME}"
    return next((narrowed for column, narrowed in _NARROWED.items() if column in columns), None)


async def see_one_story(database_url: str, name: str) -> asyncpg.Connection:
    """Open a connection to which only one story's rows are there."""
    narrowed = {"search_path": "one_story,public", "story.name": name, "application_name": "auditor"}
    return await asyncpg.connect(database_url, ssl=False, server_settings=narrowed)
