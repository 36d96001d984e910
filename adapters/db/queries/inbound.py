"""Inbound supply as it is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import case, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import inbound_supply

InboundStatus = Literal["open", "received", "cancelled"]

_ROW: Final = inbound_supply.c
_STATUS: Final = case(
    (_ROW.ended_at.is_(None), "open"), (_ROW.received >= _ROW.quantity, "received"), else_="cancelled"
)


@dataclass(frozen=True, slots=True)
class InboundFilter:
    """What a list of inbound supply is narrowed to."""

    location_id: str | None = None
    sku: str | None = None
    status: InboundStatus | None = None


async def show_inbound(connection: AsyncConnection, name: str) -> dict[str, Any] | None:
    """Announced supply; None when there is none of that id."""
    found = await connection.execute(select(*_ROW, _STATUS.label("status")).where(_ROW.id == name))
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


async def list_inbound(
    connection: AsyncConnection, wanted: InboundFilter, *, after: tuple[datetime, str] | None, limit: int
) -> list[dict[str, Any]]:
    """Announced supply, what is expected first at the top."""
    query = select(*_ROW, _STATUS.label("status")).order_by(_ROW.expected_at, _ROW.id).limit(limit)
    if wanted.location_id is not None:
        query = query.where(_ROW.location_id == wanted.location_id)
    if wanted.sku is not None:
        query = query.where(_ROW.sku == wanted.sku)
    if wanted.status is not None:
        query = query.where(_STATUS.in_([wanted.status]))
    if after is not None:
        query = query.where(tuple_(_ROW.expected_at, _ROW.id) > tuple_(*after))
    return [dict(row) for row in (await connection.execute(query)).mappings()]
