"""Checkout holds as they are shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import reservations
from domain.errors import NotFound
from domain.reservation_status import ReservationStatus


async def show_reservation(connection: AsyncConnection, name: str, now: datetime) -> dict[str, Any]:
    """A hold; one whose time is over is shown as expired. Raises NotFound."""
    found = await connection.execute(select(reservations).where(reservations.c.id == name))
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such reservation.")
    over = row.status == ReservationStatus.HELD and row.expires_at <= now
    return {
        "id": row.id,
        "channel": row.channel,
        "status": ReservationStatus.EXPIRED if over else row.status,
        **row.cart,
        "promise": row.promise,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "ended_at": row.expires_at if over else row.ended_at,
        "order_id": row.order_id,
    }
