"""Returns as they are shown: read in a fixed number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import (
    orders,
    refund_adjustments,
    return_inspections,
    return_lines,
    return_receipts,
    returns,
)
from domain.errors import NotFound

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReturnFilter:
    """What a list of returns is narrowed to; `channels` None means all of them."""

    channels: frozenset[str] | None = None
    status: Sequence[str] = ()
    order: str | None = None
    location: str | None = None


async def order_of_return(connection: AsyncConnection, return_id: str) -> str:
    """The order of a return; raises NotFound."""
    found = await connection.execute(select(returns.c.order_id).where(returns.c.id == return_id))
    order_id: str | None = found.scalar()
    if order_id is None:
        raise NotFound("There is no such return.")
    return order_id


async def show_return(connection: AsyncConnection, return_id: str) -> Shown:
    """A return that is there."""
    return (await _show(connection, returns.c.id == return_id))[0]


async def returns_of(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[str, list[Shown]]:
    """The returns of some orders, each order's oldest first."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for shown in await _show(connection, returns.c.order_id.in_(order_ids)):
        found[shown["order_id"]].append(shown)
    return found


async def list_returns(
    connection: AsyncConnection,
    wanted: ReturnFilter,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Shown]:
    """Returns, the newest first, after the (requested_at, id) given."""
    query = select(returns.c.id).order_by(returns.c.requested_at.desc(), returns.c.id.desc()).limit(limit)
    for condition in _conditions(wanted):
        query = query.where(condition)
    if after is not None:
        query = query.where(tuple_(returns.c.requested_at, returns.c.id) < tuple_(*after))
    ids = (await connection.execute(query)).scalars().all()
    shown = {one["id"]: one for one in await _show(connection, returns.c.id.in_(ids))} if ids else {}
    return [shown[one] for one in ids]


def _conditions(wanted: ReturnFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.channels is not None:
        of_channel = exists().where(orders.c.id == returns.c.order_id, orders.c.channel.in_(wanted.channels))
        conditions.append(of_channel)
    if wanted.status:
        conditions.append(returns.c.status.in_(wanted.status))
    if wanted.order is not None:
        conditions.append(returns.c.order_id == wanted.order)
    if wanted.location is not None:
        receipt = return_receipts.c
        conditions.append(
            exists().where(receipt.return_id == returns.c.id, receipt.location_id == wanted.location)
        )
    return conditions


async def _show(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Shown]:
    rows = await connection.execute(
        select(returns).where(condition).order_by(returns.c.order_id, returns.c.number)
    )
    found = rows.all()
    ids = [row.id for row in found]
    if not ids:
        return []
    lines = await _parts(connection, return_lines, ids, _LINE, "line_id")
    receipts = await _parts(connection, return_receipts, ids, _RECEIPT, "id")
    inspections = await _parts(connection, return_inspections, ids, _INSPECTION, "id")
    adjustments = await _parts(connection, refund_adjustments, ids, _ADJUSTMENT, "id")
    parts = {
        "lines": lines, "receipts": receipts, "inspections": inspections, "adjustments": adjustments,
    }  # fmt: skip
    return [_shown(row) | {name: by_return[row.id] for name, by_return in parts.items()} for row in found]


_ADJUSTMENT = ("kind", "amount", "reason")
_LINE = ("line_id", "sku", "quantity", "reason", "received", "inspected")
_RECEIPT = ("line_id", "location_id", "quantity", "at", "actor")
_INSPECTION = ("line_id", "location_id", "quantity", "disposition", "grade", "at", "actor")


async def _parts(
    connection: AsyncConnection, table: Table, ids: Sequence[str], columns: Sequence[str], order: str
) -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = defaultdict(list)
    rows = await connection.execute(select(table).where(table.c.return_id.in_(ids)).order_by(table.c[order]))
    for row in rows:
        found[row.return_id].append({name: getattr(row, name) for name in columns})
    return found


def _shown(row: Row[Any]) -> Shown:
    return {
        "id": row.id,
        "order_id": row.order_id,
        "kind": row.kind,
        "status": row.status,
        "refund_to": row.refund_to,
        "requested_at": row.requested_at,
        "expires_at": row.expires_at,
        "ended_at": row.ended_at,
        "refund": row.refund,
    }
