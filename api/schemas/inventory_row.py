"""The level of one SKU at one location."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class InventoryRow(BaseModel):
    """Units; `available` = on hand − reserved − safety stock, below 0 when safety stock is in use."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "location_id": "denver-dc",
                "sku": "MUG-BLUE",
                "on_hand": 40,
                "reserved": 2,
                "safety_stock": 5,
                "available": 33,
                "maximum": 120,
                "least_cover_days": 7,
                "most_cover_days": 60,
                "as_of": "2026-11-23T08:00:00Z",
            }
        }
    )

    location_id: str
    sku: str
    on_hand: int
    reserved: int
    safety_stock: int
    available: int
    maximum: int | None = Field(description="More on hand than this is overstock")
    least_cover_days: int | None = Field(description="Less than these days of sales risks a stock-out")
    most_cover_days: int | None = Field(description="More than these days of sales is overstock")
    as_of: datetime = Field(description="When it last changed")
