"""How much of a product a location should hold: what it keeps back, and between which bounds it should stay.

Safety stock is not promised to anybody. The bounds bind nobody: what is below or above them is told, and a
policy may sell first where there is too much. What a location sells a day is what it shipped of late.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.stock import Cell, ensure_cell
from adapters.db.supply import supply_anew
from adapters.db.tables import stock
from routing import Policy, StockPosition
from routing.terms import StockBalance

SALES_DAYS: Final = 28
"""Of so many days the shipped units are averaged: four weeks, so that every weekday counts as often."""

_SOLD: Final = f"""
    SELECT -sum(m.on_hand_delta)::numeric / {SALES_DAYS} FROM stock_movements m
    WHERE m.sku = s.sku AND m.location_id = s.location_id AND m.reason = 'shipped' AND m.at > :since
"""  # noqa: S608 (a constant of ours)

_POSITIONS: Final = text(f"""
    SELECT s.location_id, s.sku, s.on_hand, s.maximum, ({_SOLD}) AS daily
    FROM stock s WHERE s.sku = ANY(:skus) AND s.on_hand > 0
""")  # noqa: S608

_ALERTS: Final = text(f"""
    WITH cells AS (
        SELECT s.*, s.on_hand - s.reserved AS free, coalesce(({_SOLD}), 0) AS daily FROM stock s
        WHERE s.safety_stock > 0 OR s.maximum IS NOT NULL
           OR s.least_cover_days IS NOT NULL OR s.most_cover_days IS NOT NULL
    ), judged AS (
        SELECT *, array_remove(ARRAY[
            CASE WHEN free < safety_stock THEN 'below_safety_stock' END,
            CASE WHEN free < least_cover_days * daily THEN 'below_least_cover' END,
            CASE WHEN on_hand > maximum THEN 'above_maximum' END,
            CASE WHEN on_hand > most_cover_days * daily THEN 'above_most_cover' END
        ], NULL) AS reasons FROM cells
    )
    SELECT location_id, sku, reasons, on_hand, reserved, safety_stock, maximum, least_cover_days,
           most_cover_days, round(daily, 3) AS daily_sales,
           CASE WHEN daily > 0 THEN round(free / daily, 1) END AS cover_days
    FROM judged
    WHERE reasons && CAST(:reasons AS text[]) AND (CAST(:location AS text) IS NULL OR location_id = :location)
      AND (CAST(:sku_after AS text) IS NULL OR (sku, location_id) > (:sku_after, :location_after))
    ORDER BY sku, location_id LIMIT :most
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class StockTargets:
    """What a location should hold of a SKU, in units and in days of sales; None is no bound."""

    location_id: str
    sku: str
    safety_stock: int = 0
    maximum: int | None = None
    least_cover_days: int | None = None
    most_cover_days: int | None = None

    @property
    def cell(self) -> Cell:
        """The cell that is meant."""
        return self.location_id, self.sku


async def put_targets(
    connection: AsyncConnection, targets: Sequence[StockTargets], *, actor: str, now: datetime
) -> None:
    """Set what cells should hold; what is not kept back any more goes to the orders that wait."""
    for one in sorted(targets, key=lambda one: (one.sku, one.location_id)):
        await ensure_cell(connection, one.cell, now)
        await connection.execute(
            update(stock)
            .where(stock.c.location_id == one.location_id, stock.c.sku == one.sku)
            .values(
                safety_stock=one.safety_stock,
                maximum=one.maximum,
                least_cover_days=one.least_cover_days,
                most_cover_days=one.most_cover_days,
            )
        )
    await supply_anew(connection, [one.cell for one in targets], actor=actor, now=now)


def weighs_stock(policy: Policy) -> bool:
    """Whether a policy asks how full positions are: reading that is left out for all others."""
    return any(isinstance(term, StockBalance) for term in policy.terms)


async def positions(
    connection: AsyncConnection, skus: Collection[str], now: datetime
) -> dict[Cell, StockPosition]:
    """How full the cells of some products are that hold any."""
    rows = await connection.execute(_POSITIONS, {"skus": sorted(skus), "since": _since(now)})
    return {
        (row.location_id, row.sku): StockPosition(row.on_hand, row.maximum, _daily(row.daily)) for row in rows
    }


async def alerts(  # noqa: PLR0913 (which, where, since when, and which page)
    connection: AsyncConnection,
    reasons: Sequence[str],
    *,
    location_id: str | None,
    after: tuple[str, str] | None,
    limit: int,
    now: datetime,
) -> Sequence[Row[Any]]:
    """Cells outside their bounds for one of some reasons, in (SKU, location) order."""
    asked = {
        "reasons": list(reasons),
        "location": location_id,
        "sku_after": after[0] if after else None,
        "location_after": after[1] if after else None,
        "since": _since(now),
        "most": limit,
    }
    return (await connection.execute(_ALERTS, asked)).all()


def _since(now: datetime) -> datetime:
    return now - timedelta(days=SALES_DAYS)


def _daily(sold: Decimal | None) -> Decimal:
    """To the thousandth: a snapshot keeps it, and its last digits say nothing."""
    return Decimal(0) if sold is None else round(sold, 3)
