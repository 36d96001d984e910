"""The first level of cells that never held stock, in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class OpeningLevel:
    """What a cell begins with."""

    location_id: str
    sku: str
    on_hand: int


_OPEN = text(
    "WITH opened AS ("
    "  INSERT INTO stock (location_id, sku, on_hand, counted_at, as_of)"
    "  SELECT cell.location_id, cell.sku, cell.on_hand, :at, :at"
    "  FROM unnest(CAST(:locations AS text[]), CAST(:skus AS text[]), CAST(:on_hand AS int[]))"
    "    AS cell(location_id, sku, on_hand)"
    "  ON CONFLICT DO NOTHING RETURNING location_id, sku, on_hand"
    "), moved AS ("
    "  INSERT INTO stock_movements (location_id, sku, on_hand_delta, reason, actor, at)"
    "  SELECT location_id, sku, on_hand, 'opening count', :actor, :now FROM opened WHERE on_hand > 0"
    ") SELECT location_id, sku FROM opened"
)
"""A cell that is there, or that another transaction makes at this moment, is left alone."""


async def open_stock(
    connection: AsyncConnection,
    levels: Sequence[OpeningLevel],
    *,
    actor: str,
    counted_at: datetime,
    now: datetime,
) -> set[tuple[str, str]]:
    """Give new cells their first level, each with its movement; returns the (location, SKU) opened.

    Cells that exist stay untouched. Nothing is given to waiting lines: for SKUs that orders wait for,
    count instead.
    """
    ordered = sorted(levels, key=lambda level: (level.sku, level.location_id))
    columns = {
        "locations": [level.location_id for level in ordered],
        "skus": [level.sku for level in ordered],
        "on_hand": [level.on_hand for level in ordered],
    }
    opened = await connection.execute(_OPEN, columns | {"actor": actor, "at": counted_at, "now": now})
    return {(row.location_id, row.sku) for row in opened}


async def skus_waited_for(connection: AsyncConnection, skus: Sequence[str]) -> set[str]:
    """Those of the SKUs that backordered lines wait for."""
    statement = text("SELECT DISTINCT sku FROM backorders WHERE sku = ANY(:skus)")
    return {row.sku for row in await connection.execute(statement, {"skus": sorted(set(skus))})}
