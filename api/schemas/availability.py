"""What of some products may be promised."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

_UNITS: Final[dict[str, int]] = {
    "on_hand": 40, "reserved": 6, "held": 2, "safety_stock": 5, "available": 29,
}  # fmt: skip
_REACH: Final[dict[str, Any]] = {
    "km": 11.4,
    "service": "ground",
    "earliest": "2026-11-28T09:00:00Z",
}
_EXAMPLE: Final[dict[str, Any]] = {
    "sku": "MUG-BLUE",
    "network": _UNITS,
    "locations": [{"location_id": "denver-dc", **_UNITS, "reach": _REACH}],
}


class Units(BaseModel):
    """Units: `reserved` for orders and carts, `held` is of it for carts; `available` may be promised."""

    on_hand: int
    reserved: int
    held: int
    safety_stock: int
    available: int


class Reach(BaseModel):
    """How a location reaches the postal code: the fastest service that goes there, and when it arrives."""

    km: float
    service: str
    earliest: datetime


class AtLocation(Units):
    """The units at one location."""

    location_id: str
    reach: Reach | None = Field(
        default=None, description="Only with a postal code; null where no service of the level goes there"
    )


class AvailableProduct(BaseModel):
    """The units of one product, in all open locations together and in each."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    sku: str
    network: Units
    locations: list[AtLocation]


class Availability(BaseModel):
    """What may be promised at one moment."""

    as_of: datetime
    data: list[AvailableProduct]
