"""An order as everybody sees it."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.fulfillment import FulfillmentOrder
from api.schemas.hold import Hold
from api.schemas.return_ import Return
from api.schemas.tax_rate import OrderTax
from domain.order_status import OrderStatus
from domain.payment_status import PaymentStatus

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "channel": "web",
    "order_number": "W-1001",
    "status": "routing",
    "payment_status": "authorized",
    "currency": "USD",
    "placed_at": "2026-11-23T09:00:00Z",
    "customer": {"id": "c-17", "name": "Ada Field", "email": "ada@example.com"},
    "ship_to": {
        "name": "Ada Field",
        "line1": "1 Main Street",
        "city": "Denver",
        "region": "CO",
        "postal_code": "80202",
        "country": "US",
    },
    "delivery": {"method": "ship", "service_level": "standard"},
    "routing": "auto",
    "totals": {
        "items": 2900,
        "shipping": 595,
        "discount": 0,
        "tax": 0,
        "total": 3495,
        "authorized": 3495,
        "captured": 0,
        "refunded": 0,
        "refund_due": 0,
        "store_credit": 0,
        "written_off": 0,
        "refunds_written_off": 0,
        "to_pay": 3495,
        "held": 3495,
    },
    "lines": [
        {
            "line_id": "1",
            "sku": "MUG-BLUE",
            "quantity": 2,
            "unit_price": 1450,
            "discount": 0,
            "tax": 0,
            "quantities": {
                "pending": 2,
                "backordered": 0,
                "allocated": 0,
                "shipped": 0,
                "delivered": 0,
                "returned": 0,
                "lost": 0,
                "cancelled": 0,
            },
        }
    ],
    "fulfillments": [],
    "returns": [],
    "holds": [],
    "promise": {"deliver_by": None, "arrives_by": None, "expected_at": None},
    "delivered_at": None,
    "closed_at": None,
}


class OrderCustomer(BaseModel):
    """Who ordered."""

    id: str
    name: str
    email: str
    tier: str | None = None


class ShipTo(BaseModel):
    """Where it goes, as the storefront sent it."""

    name: str
    line1: str
    line2: str | None = None
    city: str
    region: str
    postal_code: str
    country: str
    lat: float | None = None
    lng: float | None = None
    residential: bool | None = None


class OrderDelivery(BaseModel):
    """How the customer gets it; `pickup_location` for pickup only."""

    method: Literal["ship", "pickup"]
    service_level: Literal["standard", "expedited", "same_day"]
    pickup_location: str | None = None


class Totals(BaseModel):
    """Money in minor units: the price with its parts, and what moved so far."""

    items: int
    shipping: int
    discount: int
    tax: int
    total: int = Field(description="What was ordered comes to, changes included, cancelled units as well")
    to_pay: int = Field(description="What it comes to now: the units that were not cancelled, and shipping")
    held: int = Field(description="What is set aside now: neither captured nor let go")
    authorized: int = Field(description="All that was ever set aside, renewals too, less what ran out")
    captured: int = Field(description="What was taken")
    refunded: int = Field(description="What went back to the instrument")
    refund_due: int = Field(description="All that is to go back to the instrument, what went included")
    store_credit: int = Field(description="What was given back as credit")
    written_off: int = Field(description="What left, and nobody pursues its payment any more")
    refunds_written_off: int = Field(
        description="What was owed back, and will not go by us: given by other means, or not at all"
    )


class Quantities(BaseModel):
    """Where the units of a line are: each in exactly one bucket."""

    pending: int
    backordered: int
    allocated: int
    shipped: int
    delivered: int
    returned: int
    lost: int
    cancelled: int


class BackorderedUnits(BaseModel):
    """Units that wait, and when supply on its way covers them; null where none is announced for them."""

    quantity: int
    expected_at: datetime | None


class OrderLine(BaseModel):
    """A line: `discount` and `tax` are for all of its units."""

    line_id: str
    sku: str
    quantity: int
    unit_price: int
    discount: int
    tax: int
    quantities: Quantities
    backorder: BackorderedUnits | None = Field(
        default=None, description="Only there while units wait for stock"
    )


class CustomerPromise(BaseModel):
    """What the customer was promised with a checkout hold, and how it turns out.

    `late_seconds`: how much later than promised all of it came, or by its work will; below 0 when sooner.
    `extra_cost`: what its work costs, as planned, more than the promise's price, in minor units.
    """

    reservation: str
    made_at: datetime
    service_level: Literal["standard", "expedited", "same_day"]
    deliver_by: datetime | None
    price: int
    late_seconds: int | None
    extra_cost: int | None


class OrderPromise(BaseModel):
    """When it shall be there: what the customer asked for, else what the plan promises.

    `arrives_by`: by when all that was given to locations is to be there, which may be later than was asked.
    `expected_at`: when the last of the units that wait for stock are covered by supply on its way.
    """

    deliver_by: datetime | None
    arrives_by: datetime | None
    expected_at: datetime | None
    promised: CustomerPromise | None = Field(
        default=None, description="Only there when the order used a checkout hold"
    )


class Attention(BaseModel):
    """Why the order stopped and a person is asked."""

    reason: str
    since: datetime


class PaymentAction(BaseModel):
    """Where the customer confirms the payment, as 3-D Secure asks."""

    url: str


class Order(BaseModel):
    """An order with its lines, the work asked of locations, returns and holds."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    channel: str
    order_number: str
    status: OrderStatus
    payment_status: PaymentStatus
    currency: str
    placed_at: datetime
    customer: OrderCustomer
    ship_to: ShipTo
    delivery: OrderDelivery
    routing: Literal["auto", "manual"]
    totals: Totals
    lines: list[OrderLine]
    fulfillments: list[FulfillmentOrder]
    returns: list[Return]
    holds: list[Hold]
    promise: OrderPromise
    delivered_at: datetime | None
    closed_at: datetime | None
    taxes: list[OrderTax] | None = Field(
        default=None, description="Only there when the tax was worked out from the tax table"
    )
    attention: Attention | None = Field(default=None, description="Only there while a person is asked")
    payment_action: PaymentAction | None = Field(
        default=None, description="Only there while the customer has to confirm the payment"
    )
