"""How much is under way."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.legal_entities import nobody_sells_yet
from adapters.db.tables import orders, outbox


@dataclass(frozen=True, slots=True)
class Backlog:
    """Outbox rows that wait, orders by status, and whether documents still bear a placeholder."""

    waiting: int
    oldest_seconds: float
    orders: Mapping[str, int]
    nobody_sells: bool


async def read_backlog(connection: AsyncConnection) -> Backlog:
    """Count what waits; both counts are served by an index."""
    age = func.extract("epoch", func.now() - func.min(outbox.c.created_at))
    waiting = select(func.count(), func.coalesce(age, 0)).where(outbox.c.done_at.is_(None))
    count, oldest = (await connection.execute(waiting)).one()
    by_status = select(orders.c.status, func.count().label("number")).group_by(orders.c.status)
    counts = {row.status: row.number for row in await connection.execute(by_status)}
    return Backlog(
        waiting=count,
        oldest_seconds=max(0.0, float(oldest)),
        orders=counts,
        nobody_sells=await nobody_sells_yet(connection),
    )
