"""What customers were promised before they ordered, beside what comes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from routing import round_half_up

_COSTS: Final = text("""
    SELECT order_id, sum(cost) AS cost FROM fulfillment_orders
    WHERE order_id = ANY(:ids) AND status NOT IN ('rejected', 'expired', 'cancelled')
    GROUP BY order_id
""")


async def add_promised(
    connection: AsyncConnection, rows: Sequence[Row[Any]], shown: Mapping[str, dict[str, Any]]
) -> None:
    """Add `promised` to the promise of each order that used a checkout hold."""
    mine = [row for row in rows if row.promise is not None]
    if not mine:
        return
    found = await connection.execute(_COSTS, {"ids": [row.id for row in mine]})
    costs = {row.order_id: round_half_up(row.cost) for row in found}
    for row in mine:
        order = shown[row.id]
        order["promise"]["promised"] = {
            "reservation": row.reservation,
            **{name: row.promise[name] for name in ("made_at", "service_level", "deliver_by", "price")},
            "late_seconds": _late(row, order),
            "extra_cost": None if row.id not in costs else costs[row.id] - row.promise["price"],
        }


def _late(row: Row[Any], order: Mapping[str, Any]) -> int | None:
    """How much later it came, or by what is known will come; below 0 when sooner, None while unknown."""
    promised = row.promise["deliver_by"]
    comes: datetime | None = row.delivered_at or row.promised_at
    waits = any("backorder" in line for line in order["lines"])
    if promised is None or comes is None or (waits and row.delivered_at is None):
        return None
    return int((comes - datetime.fromisoformat(promised)).total_seconds())
