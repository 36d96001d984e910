"""Work asked of one location, with the parcels that left."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.fulfillment_status import FulfillmentStatus
from domain.tracking import TrackingStatus

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "ful_ibtmqqlf5cz7lmo2f6xdxy2s_1",
    "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "order_number": "W-1001",
    "version": 3,
    "location_id": "denver-dc",
    "status": "shipped",
    "method": "ship",
    "lines": [{"line_id": "1", "sku": "MUG-BLUE", "quantity": 2, "picked": 2, "shipped": 2}],
    "carrier": "ups",
    "service": "ground",
    "tracking_number": "1Z999AA10123456784",
    "tracking_status": "in_transit",
    "parcels": [
        {
            "id": "par_ibtmqqlf5cz7lmo2f6xdxy2s_1_1",
            "carrier": "ups",
            "service": "ground",
            "tracking_number": "1Z999AA10123456784",
            "tracking_status": "in_transit",
            "delayed": False,
            "exception": False,
            "delivered_at": None,
            "lines": [{"line_id": "1", "quantity": 2}],
        }
    ],
    "created_at": "2026-11-23T09:00:02Z",
    "ship_by": "2026-11-25T09:00:02Z",
    "overdue_at": None,
    "promised_at": "2026-11-27T23:00:00Z",
    "shipped_at": "2026-11-23T15:12:40Z",
    "delivered_at": None,
    "reason": None,
}


class FulfillmentLine(BaseModel):
    """Units of a line asked of the location: `picked` null until it tells, `shipped` have left."""

    line_id: str
    sku: str
    quantity: int
    picked: int | None
    shipped: int


class ParcelUnits(BaseModel):
    """Units of a line in a parcel."""

    line_id: str
    quantity: int


class Parcel(BaseModel):
    """What a carrier carries; `delayed` and `exception` are cleared by the next milestone."""

    id: str
    carrier: str
    service: str | None
    tracking_number: str
    tracking_status: TrackingStatus
    delayed: bool
    exception: bool
    delivered_at: datetime | None
    lines: list[ParcelUnits]


class FulfillmentOrder(BaseModel):
    """Work asked of one location; carrier, number and tracking status are those of its first parcel."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    order_id: str
    order_number: str
    version: int = Field(description="Rises when what is asked changes; `/ship` may name the one it saw")
    location_id: str
    status: FulfillmentStatus
    method: Literal["ship", "pickup"]
    lines: list[FulfillmentLine]
    carrier: str | None
    service: str
    tracking_number: str | None
    tracking_status: TrackingStatus | None
    parcels: list[Parcel]
    created_at: datetime
    ship_by: datetime | None
    overdue_at: datetime | None
    promised_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    reason: str | None = Field(description="Why the location rejected it, in its own words")
