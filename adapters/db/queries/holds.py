"""Holds as they are shown."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import holds


async def show_hold(connection: AsyncConnection, hold_id: str) -> dict[str, Any]:
    """A hold that is there."""
    return shown((await connection.execute(select(holds).where(holds.c.id == hold_id))).one())


async def active_holds_of(
    connection: AsyncConnection, order_ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """The active holds of some orders, oldest first."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = await connection.execute(
        select(holds).where(holds.c.order_id.in_(order_ids), holds.c.ended_at.is_(None)).order_by("number")
    )
    for row in rows:
        found[row.order_id].append(shown(row))
    return found


def shown(row: Row[Any]) -> dict[str, Any]:
    """A hold as the API shows it; `ended_at` and `ended_by` once it is over."""
    return {
        "id": row.id,
        "type": row.type,
        "reason": row.reason,
        "blocks": row.blocks,
        "placed_at": row.placed_at,
        "placed_by": row.placed_by,
        "expires_at": row.expires_at,
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
    }
