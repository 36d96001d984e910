"""What of some products may be promised, by location and in all: holds whose time is over count as free."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CELLS: Final = text("""
    WITH kept AS (
        SELECT u.sku, u.location_id,
               coalesce(sum(u.quantity) FILTER (WHERE r.expires_at > :now), 0) AS held,
               coalesce(sum(u.quantity) FILTER (WHERE r.expires_at <= :now), 0) AS over
        FROM reserved_units u JOIN reservations r ON r.id = u.reservation_id
        WHERE u.sku = ANY(:skus) GROUP BY u.sku, u.location_id
    )
    SELECT s.sku, s.location_id, s.on_hand, s.reserved - coalesce(k.over, 0) AS reserved,
           coalesce(k.held, 0) AS held, s.safety_stock,
           greatest(s.on_hand - s.reserved + coalesce(k.over, 0) - s.safety_stock, 0) AS available
    FROM stock s JOIN locations l ON l.id = s.location_id
    LEFT JOIN kept k ON k.sku = s.sku AND k.location_id = s.location_id
    WHERE s.sku = ANY(:skus) AND l.active
    ORDER BY s.sku, s.location_id
""")


async def availability(
    connection: AsyncConnection, skus: Sequence[str], now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """The cells of open locations by SKU; every SKU asked for is in it, once."""
    cells: dict[str, list[dict[str, Any]]] = {sku: [] for sku in skus}
    for row in await connection.execute(_CELLS, {"skus": list(cells), "now": now}):
        cell = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)
        cells[cell.pop("sku")].append({name: _plain(value) for name, value in cell.items()})
    return cells


def _plain(value: Any) -> Any:
    """Sums of integers come as decimals."""
    return value if isinstance(value, str) else int(value)
