"""The provider's books, open to auditors without a key: effects and refusals, never replays."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from adapters.payments.sandbox_service.accounts import Account
from adapters.payments.sandbox_service.database import Database
from adapters.payments.sandbox_service.records import lock_key
from adapters.payments.sandbox_service.transaction import Row

_COLUMNS: Final = "seq, order_id, kind, amount, currency, status, idempotency_key, at, fee"

_NOT_NUL: Final = r"^[^\x00]*$"
OrderId = Annotated[str | None, Query(pattern=_NOT_NUL)]
Key = Annotated[str, Query(min_length=1, max_length=255, pattern=_NOT_NUL)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[int, Query(ge=0, le=2**63 - 1)]


@dataclass(frozen=True, slots=True)
class Part:
    """Which operations of all orders: of an account, from `since` until before `until`, where given."""

    account: Account | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


def book_routes(database: Database) -> APIRouter:
    """Return the auditors' routes."""
    router = APIRouter()

    @router.get("/operations")
    async def operations(
        part: Annotated[Part, Depends()],
        order_id: OrderId = None,
        limit: Limit = 50,
        cursor: Cursor = 0,
    ) -> dict[str, Any]:
        """Return all operations of one order, or a page over all orders, oldest first.

        What moved no money is not listed. A walk over all pages lists at least everything that was
        answered before it began.
        """
        if order_id is not None:
            return {"data": await _of_order(database, order_id), "next_cursor": None}
        rows = await _page(database, part, limit + 1, cursor)
        more = len(rows) > limit
        return {
            "data": [_public(row) for row in rows[:limit]],
            "next_cursor": str(rows[limit - 1]["seq"]) if more else None,
        }

    @router.get("/effects")
    async def effects(idempotency_key: Key) -> dict[str, Any]:
        """Tell what became of what was asked for under a key; one that is under way is waited for."""
        return {"data": await _look_up(database, idempotency_key)}

    return router


async def _of_order(database: Database, order_id: str) -> list[dict[str, Any]]:
    query = f"SELECT {_COLUMNS} FROM psp.operations WHERE order_id = $1 AND amount > 0 ORDER BY seq"  # noqa: S608
    async with database.transaction() as transaction:
        return [_public(row) for row in await transaction.fetch(query, order_id)]


async def _page(database: Database, part: Part, limit: int, after: int) -> list[Row]:
    query = f"""SELECT {_COLUMNS} FROM psp.operations
                WHERE seq > $1 AND amount > 0
                  AND ($3::text IS NULL OR account = $3)
                  AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
                ORDER BY seq LIMIT $2"""  # noqa: S608
    async with database.transaction() as transaction:
        return list(await transaction.fetch(query, after, limit, part.account, part.since, part.until))


async def _look_up(database: Database, key: str) -> dict[str, Any] | None:
    query = """SELECT order_id, kind, idempotency_key, status, coalesce(decided, answer) AS answer
               FROM psp.operations WHERE idempotency_key = $1"""
    async with database.transaction() as transaction:
        await lock_key(transaction, key)
        row = await transaction.fetchrow(query, key)
    return None if row is None else {**row, "answer": json.loads(row["answer"])}


def _public(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "seq"}
