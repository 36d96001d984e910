"""Locations that failed rest for a while: no order is routed to them before it is over."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import locations


async def rest(
    connection: AsyncConnection, location_ids: Collection[str], *, now: datetime, cool_off: timedelta
) -> None:
    """Let locations rest until `cool_off` from now, or longer where they do already; 0 for not at all.

    Comes last in its transaction: who holds a location's row waits for no order and no stock.
    """
    if not cool_off:
        return
    until = func.greatest(locations.c.cool_off_until, now + cool_off)
    for location_id in sorted(set(location_ids)):
        await connection.execute(
            update(locations).where(locations.c.id == location_id).values(cool_off_until=until)
        )
