"""Stock levels as they are shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import stock

_COLUMNS = (
    stock.c.location_id,
    stock.c.sku,
    stock.c.on_hand,
    stock.c.reserved,
    stock.c.safety_stock,
    (stock.c.on_hand - stock.c.reserved - stock.c.safety_stock).label("available"),
    stock.c.maximum,
    stock.c.least_cover_days,
    stock.c.most_cover_days,
    stock.c.as_of,
)


async def list_levels(
    connection: AsyncConnection,
    *,
    location_id: str | None,
    skus: Sequence[str],
    after: tuple[str, str] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Levels in (SKU, location) order."""
    query: Select[Any] = select(*_COLUMNS).order_by(stock.c.sku, stock.c.location_id).limit(limit)
    if location_id is not None:
        query = query.where(stock.c.location_id == location_id)
    if skus:
        query = query.where(stock.c.sku.in_(skus))
    if after is not None:
        query = query.where(tuple_(stock.c.sku, stock.c.location_id) > tuple_(*after))
    rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return rows


async def show_level(connection: AsyncConnection, location_id: str, sku: str) -> dict[str, Any]:
    """A cell that is there."""
    found = await connection.execute(
        select(*_COLUMNS).where(stock.c.location_id == location_id, stock.c.sku == sku)
    )
    return dict(found.one()._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)
