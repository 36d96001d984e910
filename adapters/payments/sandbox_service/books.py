"""The provider's books, open to auditors without a key: effects and refusals, never replays."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from adapters.payments.sandbox_service.database import Database
from adapters.payments.sandbox_service.transaction import Row

_COLUMNS = "seq, order_id, kind, amount, status, idempotency_key, at"

OrderId = Annotated[str | None, Query(pattern=r"^[^\x00]*$")]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[int, Query(ge=0, le=2**63 - 1)]


def book_routes(database: Database) -> APIRouter:
    """Return the auditors' route."""
    router = APIRouter()

    @router.get("/operations")
    async def operations(order_id: OrderId = None, limit: Limit = 50, cursor: Cursor = 0) -> dict[str, Any]:
        """Return all operations of one order, or a page over all orders, oldest first.

        A walk over all pages lists at least everything that was answered before it began.
        """
        if order_id is not None:
            return {"data": await _of_order(database, order_id), "next_cursor": None}
        rows = await _page(database, limit + 1, cursor)
        more = len(rows) > limit
        return {
            "data": [_public(row) for row in rows[:limit]],
            "next_cursor": str(rows[limit - 1]["seq"]) if more else None,
        }

    return router


async def _of_order(database: Database, order_id: str) -> list[dict[str, Any]]:
    query = f"SELECT {_COLUMNS} FROM psp.operations WHERE order_id = $1 ORDER BY seq"  # noqa: S608
    async with database.transaction() as transaction:
        return [_public(row) for row in await transaction.fetch(query, order_id)]


async def _page(database: Database, limit: int, after: int) -> list[Row]:
    query = f"SELECT {_COLUMNS} FROM psp.operations WHERE seq > $1 ORDER BY seq LIMIT $2"  # noqa: S608
    async with database.transaction() as transaction:
        return list(await transaction.fetch(query, after, limit))


def _public(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "seq"}
