"""Changes of an order as they are shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import order_changes
from domain.order_change import ChangeStatus


async def show_change(connection: AsyncConnection, name: str, now: datetime) -> dict[str, Any]:
    """A change that is there."""
    row = (await connection.execute(select(order_changes).where(order_changes.c.id == name))).one()
    return _shown(row, now)


async def changes_of(connection: AsyncConnection, order_id: str, now: datetime) -> list[dict[str, Any]]:
    """All changes of an order, oldest first."""
    rows = await connection.execute(
        select(order_changes).where(order_changes.c.order_id == order_id).order_by(order_changes.c.number)
    )
    return [_shown(row, now) for row in rows]


def _shown(row: Row[Any], now: datetime) -> dict[str, Any]:
    expired = row.status == ChangeStatus.DRAFT.value and row.expires_at <= now
    return {
        "id": row.id,
        "order_id": row.order_id,
        "status": ChangeStatus.EXPIRED.value if expired else row.status,
        "reason": row.reason,
        "asked": row.asked,
        "preview": row.preview,
        "created_at": row.created_at,
        "created_by": row.created_by,
        "expires_at": row.expires_at,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
    }
