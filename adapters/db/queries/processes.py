"""What should have a process: orders and returns that are open, and closed orders of which money is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import orders, returns


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


async def quiet_adjustments(
    connection: AsyncConnection, *, after: str, before: datetime, limit: int
) -> Sequence[str]:
    """Ids of closed orders of which money is due and that nothing touched since `before`, as above."""
    rows = await connection.execute(
        select(orders.c.id)
        .where(orders.c.adjusting, orders.c.id > after, orders.c.updated_at < before)
        .order_by(orders.c.id)
        .limit(limit)
    )
    return rows.scalars().all()


async def quiet_open_returns(
    connection: AsyncConnection, *, after: str, before: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """(order id, return id) of open returns whose orders nothing touched since `before`, as above."""
    rows = await connection.execute(
        select(returns.c.order_id, returns.c.id)
        .join(orders, orders.c.id == returns.c.order_id)
        .where(returns.c.ended_at.is_(None), returns.c.id > after, orders.c.updated_at < before)
        .order_by(returns.c.id)
        .limit(limit)
    )
    return [(row.order_id, row.id) for row in rows]
