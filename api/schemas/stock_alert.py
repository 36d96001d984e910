"""Cells that hold too little or too much."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

Alert = Literal["stock_out_risk", "overstock"]
Reason = Literal["below_safety_stock", "below_least_cover", "above_maximum", "above_most_cover"]

ALERTS: Final[dict[Alert, tuple[Reason, ...]]] = {
    "stock_out_risk": ("below_safety_stock", "below_least_cover"),
    "overstock": ("above_maximum", "above_most_cover"),
}
"""What each alert can be told for."""


class StockAlert(BaseModel):
    """A location and SKU outside the bounds set for it; units, and days at what it sold of late."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "location_id": "denver-dc",
                "sku": "MUG-BLUE",
                "alerts": ["overstock"],
                "reasons": ["above_maximum", "above_most_cover"],
                "on_hand": 300,
                "reserved": 2,
                "safety_stock": 5,
                "maximum": 120,
                "least_cover_days": 7,
                "most_cover_days": 60,
                "daily_sales": 1.5,
                "cover_days": 198.7,
            }
        }
    )

    location_id: str
    sku: str
    alerts: list[Alert]
    reasons: list[Reason]
    on_hand: int
    reserved: int
    safety_stock: int
    maximum: int | None
    least_cover_days: int | None
    most_cover_days: int | None
    daily_sales: float = Field(description="Units shipped a day, over the last 28 days")
    cover_days: float | None = Field(
        description="Days that the unreserved units last; null where nothing sold"
    )


def alert_shown(row: Row[Any]) -> dict[str, Any]:
    """A row of the alerts as it is told."""
    told: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)
    told["alerts"] = [name for name, reasons in ALERTS.items() if set(reasons) & set(row.reasons)]
    told["daily_sales"] = float(row.daily_sales)
    told["cover_days"] = None if row.cover_days is None else float(row.cover_days)
    return told
