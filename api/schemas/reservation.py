"""A checkout hold as it is shown."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.reservation_status import ReservationStatus

_LINES: Final = [{"sku": "MUG-BLUE", "quantity": 2}]
PROMISE_EXAMPLE: Final[dict[str, Any]] = {
    "made_at": "2026-11-23T09:00:00Z",
    "service_level": "standard",
    "ship_by": "2026-11-25T09:00:00Z",
    "deliver_by": "2026-11-28T09:00:00Z",
    "price": 626,
    "shipments": [
        {
            "location_id": "denver-dc",
            "service": "ground",
            "lines": _LINES,
            "price": 626,
            "ship_by": "2026-11-25T09:00:00Z",
            "deliver_by": "2026-11-28T09:00:00Z",
        }
    ],
    "backorders": [],
}
_EXAMPLE: Final[dict[str, Any]] = {
    "id": "rsv_2f6xdxy2sibtmqqlf5cz7lmo",
    "channel": "web",
    "status": "held",
    "lines": _LINES,
    "ship_to": {"postal_code": "80202", "country": "US"},
    "delivery": {"method": "ship", "service_level": "standard", "pickup_location": None},
    "promise": PROMISE_EXAMPLE,
    "created_at": "2026-11-23T09:00:00Z",
    "expires_at": "2026-11-23T09:15:00Z",
    "ended_at": None,
    "order_id": None,
}


class CartUnits(BaseModel):
    """Units of a product."""

    sku: str
    quantity: int


class CartDestination(BaseModel):
    """Where it would go."""

    postal_code: str
    country: str
    lat: float | None = None
    lng: float | None = None


class CartDelivery(BaseModel):
    """How the customer would get it."""

    method: Literal["ship", "pickup"]
    service_level: Literal["standard", "expedited", "same_day"]
    pickup_location: str | None = None


class PromisedShipment(BaseModel):
    """What one location would send, by when, at what price in minor units."""

    location_id: str
    service: str
    lines: list[CartUnits]
    price: int
    ship_by: datetime
    deliver_by: datetime


class PromisedLater(BaseModel):
    """Units that wait for supply: when the last of them is covered by what is on its way, null if never."""

    sku: str
    quantity: int
    expected_at: datetime | None


class Promise(BaseModel):
    """What was promised: all of it by `deliver_by`, null while a part has no date.

    `price` is what the shipments cost, in minor units of the network's currency.
    """

    made_at: datetime
    service_level: Literal["standard", "expedited", "same_day"]
    ship_by: datetime | None
    deliver_by: datetime | None
    price: int
    shipments: list[PromisedShipment]
    backorders: list[PromisedLater]


class Reservation(BaseModel):
    """Stock and capacity that are kept for a cart, and what was promised of it."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    channel: str
    status: ReservationStatus = Field(
        description="`withdrawn`: a count found fewer units; `used`: `order_id` has taken it over"
    )
    lines: list[CartUnits]
    ship_to: CartDestination | None
    delivery: CartDelivery
    promise: Promise
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    order_id: str | None
