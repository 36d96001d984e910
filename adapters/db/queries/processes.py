"""What should have a process: rows that are open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import orders


async def quiet_open_orders(
    connection: AsyncConnection, *, after: str, before: datetime, limit: int
) -> Sequence[str]:
    """Ids of open orders that nothing touched since `before`, by id, from `after` on."""
    touched = func.coalesce(orders.c.updated_at, orders.c.created_at)
    rows = await connection.execute(
        select(orders.c.id)
        .where(orders.c.closed_at.is_(None), orders.c.id > after, touched < before)
        .order_by(orders.c.id)
        .limit(limit)
    )
    return rows.scalars().all()
