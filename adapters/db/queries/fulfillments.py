"""Fulfillment orders as they are shown, with their lines and parcels."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import fulfillment_lines, fulfillment_orders, orders, parcel_lines, parcels

Shown = dict[str, Any]


async def fulfillments_of(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[str, list[Shown]]:
    """The fulfillment orders of some orders, each order's oldest first."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for shown in await _show(connection, fulfillment_orders.c.order_id.in_(order_ids)):
        found[shown["order_id"]].append(shown)
    return found


async def show_fulfillment(connection: AsyncConnection, fulfillment_id: str) -> Shown:
    """A fulfillment order that is there."""
    return (await _show(connection, fulfillment_orders.c.id == fulfillment_id))[0]


async def list_work(
    connection: AsyncConnection,
    *,
    location_id: str | None,
    status: Sequence[str],
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Shown]:
    """A work list, oldest first: fulfillment orders of a location (or of all) in some states (or any)."""
    work = fulfillment_orders.c
    query = select(work.id, work.created_at).order_by(work.created_at, work.id).limit(limit)
    if location_id is not None:
        query = query.where(work.location_id == location_id)
    if status:
        query = query.where(work.status.in_(status))
    if after is not None:
        query = query.where(tuple_(work.created_at, work.id) > tuple_(*after))
    ids = (await connection.execute(query)).scalars().all()
    shown = {one["id"]: one for one in await _show(connection, work.id.in_(ids))} if ids else {}
    return [shown[one] for one in ids]


async def _show(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Shown]:
    query = (
        select(fulfillment_orders, orders.c.order_number, orders.c.delivery_method)
        .join(orders, orders.c.id == fulfillment_orders.c.order_id)
        .where(condition)
        .order_by(fulfillment_orders.c.order_id, fulfillment_orders.c.number)
    )
    rows = (await connection.execute(query)).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    lines, boxes = await _lines(connection, ids), await _parcels(connection, ids)
    return [_shown(row, lines[row.id], boxes[row.id]) for row in rows]


async def _lines(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = defaultdict(list)
    rows = await connection.execute(
        select(fulfillment_lines)
        .where(fulfillment_lines.c.fulfillment_id.in_(ids))
        .order_by(fulfillment_lines.c.line_id)
    )
    for row in rows:
        found[row.fulfillment_id].append(
            {
                "line_id": row.line_id,
                "sku": row.sku,
                "quantity": row.quantity,
                "picked": row.picked,
                "shipped": row.shipped,
            }
        )
    return found


async def _parcels(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[Shown]]:
    content: dict[str, list[Shown]] = defaultdict(list)
    held = await connection.execute(
        select(parcel_lines)
        .join(parcels, parcels.c.id == parcel_lines.c.parcel_id)
        .where(parcels.c.fulfillment_id.in_(ids))
        .order_by(parcel_lines.c.line_id)
    )
    for row in held:
        content[row.parcel_id].append({"line_id": row.line_id, "quantity": row.quantity})
    found: dict[str, list[Shown]] = defaultdict(list)
    rows = await connection.execute(
        select(parcels).where(parcels.c.fulfillment_id.in_(ids)).order_by(parcels.c.number)
    )
    for row in rows:
        found[row.fulfillment_id].append(_parcel(row, content[row.id]))
    return found


def _parcel(row: Row[Any], lines: list[Shown]) -> Shown:
    return {
        "id": row.id,
        "carrier": row.carrier,
        "service": row.service,
        "tracking_number": row.tracking_number,
        "tracking_status": row.tracking_status,
        "delayed": row.delayed,
        "exception": row.exception,
        "delivered_at": row.delivered_at,
        "lines": lines,
    }


def _shown(row: Row[Any], lines: list[Shown], boxes: list[Shown]) -> Shown:
    first = boxes[0] if boxes else {}
    return {
        "id": row.id,
        "order_id": row.order_id,
        "order_number": row.order_number,
        "version": row.version,
        "location_id": row.location_id,
        "status": row.status,
        "method": row.delivery_method,
        "lines": lines,
        "carrier": first.get("carrier"),
        "service": first.get("service") or row.service,
        "tracking_number": first.get("tracking_number"),
        "tracking_status": first.get("tracking_status"),
        "parcels": boxes,
        "created_at": row.created_at,
        "ship_by": row.ship_by,
        "overdue_at": row.overdue_at,
        "promised_at": row.promised_at,
        "shipped_at": row.shipped_at,
        "delivered_at": row.delivered_at,
        "reason": row.reason,
    }
