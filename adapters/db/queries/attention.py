"""What waits for a person, as it is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import carrier_inbox, orders

Shown = dict[str, Any]

_QUARANTINED = carrier_inbox.c.state == "quarantined"


async def list_stopped(
    connection: AsyncConnection, *, reason: str | None, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Shown]:
    """Orders that stopped, longest first, after the (since, id) given."""
    query = select(orders).where(orders.c.attention.is_not(None))
    if reason is not None:
        query = query.where(orders.c.attention == reason)
    if after is not None:
        query = query.where(tuple_(orders.c.attention_since, orders.c.id) > tuple_(*after))
    rows = await connection.execute(query.order_by(orders.c.attention_since, orders.c.id).limit(limit))
    return [
        {
            "order_id": row.id,
            "channel": row.channel,
            "order_number": row.order_number,
            "reason": row.attention,
            "since": row.attention_since,
            "payment_status": row.payment_status,
            "placed_at": row.placed_at,
        }
        for row in rows
    ]


async def list_quarantined(
    connection: AsyncConnection, *, carrier: str | None, before: int | None, limit: int
) -> Sequence[Shown]:
    """Messages that could not be read, newest first, without what they say."""
    query = select(carrier_inbox).where(_QUARANTINED)
    if carrier is not None:
        query = query.where(carrier_inbox.c.carrier == carrier)
    if before is not None:
        query = query.where(carrier_inbox.c.id < before)
    rows = await connection.execute(query.order_by(carrier_inbox.c.id.desc()).limit(limit))
    return [_listed(row) for row in rows]


async def show_quarantined(connection: AsyncConnection, message_id: int) -> Shown | None:
    """One message that could not be read, as it came; None when there is no such message."""
    found = await connection.execute(
        select(carrier_inbox).where(_QUARANTINED, carrier_inbox.c.id == message_id)
    )
    row = found.one_or_none()
    if row is None:
        return None
    return _listed(row) | {"body": bytes(row.body or b"").decode("utf-8", errors="backslashreplace")}


def _listed(row: Row[Any]) -> Shown:
    return {
        "id": row.id,
        "carrier": row.carrier,
        "error": row.error,
        "bytes": len(row.body or b""),
        "received_at": row.received_at,
    }
