"""Tax rates as everybody sees them, and what of them an order keeps."""

from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

_RATE: Final[dict[str, Any]] = {
    "country": "US",
    "region": "CO",
    "postal_prefix": "802",
    "category": "standard",
    "percent": "8.81",
}


class UsedRate(BaseModel):
    """Which rate: empty texts stand for all regions, all postal codes."""

    model_config = ConfigDict(json_schema_extra={"example": _RATE})

    country: str
    region: str
    postal_prefix: str
    category: str
    percent: str = Field(description="Exact, as a decimal: 8.25")


class TaxRate(UsedRate):
    """A row of the tax table."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": _RATE
            | {"included": False, "on_shipping": True, "valid_from": "2026-01-01", "valid_to": None}
        }
    )

    included: bool = Field(description="Prices hold the tax already")
    on_shipping: bool = Field(description="Shipping is taxed by it; of the category `standard` only")
    valid_from: date
    valid_to: date | None = Field(description="The last day; null while no end is known")


class OrderTax(BaseModel):
    """The tax of one line, or of shipping, in minor units, and which rate it was worked out by."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"line_id": "1", "base": 2900, "tax": 255, "included": False, "rate": _RATE}
        }
    )

    line_id: str | None = Field(description="null for shipping")
    base: int
    tax: int
    included: bool = Field(description="The tax is in the price already, and not added to it")
    rate: UsedRate | None = Field(description="null where the table had none, and there is no tax")
