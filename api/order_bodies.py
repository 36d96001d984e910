"""The bodies of orders and the commands on them."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from api.bodies import (
    Body,
    Email,
    FreeText,
    Identifier,
    Latitude,
    Longitude,
    Moment,
    Money,
    PersonalLine,
    PersonalText,
    Quantity,
    WorkedOut,
)
from domain.holds import HeldStep
from domain.iso_codes import COUNTRIES, CURRENCIES

_LINES: Final = 200


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is no currency of ISO 4217, in three capital letters")
    return code


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("is no country of ISO 3166-1, in two capital letters")
    return code


def _each_once(steps: tuple[HeldStep, ...]) -> tuple[HeldStep, ...]:
    if len(set(steps)) < len(steps):
        raise ValueError("a step is named twice")
    return steps


Currency = Annotated[
    str,
    AfterValidator(_currency),
    Field(description="ISO 4217, three letters", json_schema_extra={"pattern": "^[A-Z]{3}$"}),
]
Country = Annotated[
    str,
    AfterValidator(_country),
    Field(description="ISO 3166-1, two letters", json_schema_extra={"pattern": "^[A-Z]{2}$"}),
]


class Customer(Body):
    """Who ordered; `tier` is a word of the shop's own that routing policies may be for."""

    id: Identifier
    name: PersonalLine
    email: Email
    tier: Identifier | None = None


class Address(Body):
    """Where it goes; without `lat` and `lng` the postal table places it. Carriers may charge for homes."""

    name: PersonalLine
    line1: PersonalLine
    line2: PersonalLine | None = None
    city: PersonalLine
    region: PersonalLine
    postal_code: Annotated[PersonalLine, Field(max_length=20)]
    country: Country
    lat: Latitude | None = None
    lng: Longitude | None = None
    residential: Annotated[bool, Field(strict=True)] | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.lat is None) != (self.lng is None):
            raise ValueError("lat and lng are given together")
        return self


class OrderedLine(Body):
    """A line: `unit_price`, `discount` and `tax` in minor units, the latter two for the whole line."""

    sku: Identifier
    quantity: Quantity
    unit_price: Money
    discount: Money | None = None
    tax: Money | None = None


class Delivery(Body):
    """How the customer gets it."""

    method: Literal["ship", "pickup"]
    service_level: Literal["standard", "expedited", "same_day"] = "standard"
    pickup_location: Identifier | None = None

    @model_validator(mode="after")
    def _pickup_has_a_place(self) -> Self:
        if (self.method == "pickup") != (self.pickup_location is not None):
            raise ValueError("pickup_location is given for pickup, and only then")
        return self


class Payment(Body):
    """How the customer pays: the provider's token, never a card."""

    provider: Identifier
    token: PersonalText


class OrderPosted(Body):
    """An order as a storefront sends it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "channel": "web",
                "order_number": "W-1001",
                "currency": "USD",
                "customer": {"id": "c-17", "name": "Ada Field", "email": "ada@example.com"},
                "ship_to": {
                    "name": "Ada Field",
                    "line1": "1 Main Street",
                    "city": "Denver",
                    "region": "CO",
                    "postal_code": "80202",
                    "country": "US",
                },
                "lines": [{"sku": "MUG-BLUE", "quantity": 2, "unit_price": 1450}],
                "delivery": {"method": "ship", "service_level": "standard"},
                "shipping_price": 595,
                "total": 3495,
                "payment": {"provider": "sandbox", "token": "tok_ok"},
            }
        }
    )

    channel: Identifier
    order_number: Identifier
    currency: Currency
    placed_at: Moment | None = None
    customer: Customer
    ship_to: Address
    lines: Annotated[tuple[OrderedLine, ...], Field(min_length=1, max_length=_LINES)]
    delivery: Delivery
    shipping_price: Money = 0
    discount: Money = 0
    tax: WorkedOut = 0
    total: Money | None = None
    payment: Payment
    routing: Literal["auto", "manual"] = "auto"
    deliver_by: Annotated[
        Moment | None, Field(description="When it has to be there: routing weighs or forbids what is later")
    ] = None
    reservation: Annotated[
        Identifier | None, Field(description="The checkout hold whose stock and capacity become the order's")
    ] = None


class UnitsOfLine(Body):
    """Some units of one line."""

    line_id: Identifier
    quantity: Quantity


class CancelPosted(Body):
    """What to cancel: these units, all or nothing, or without `lines` every unshipped unit."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "customer changed her mind"}})

    lines: Annotated[tuple[UnitsOfLine, ...], Field(min_length=1, max_length=_LINES)] | None = None
    reason: FreeText


class PaymentPosted(Body):
    """Another means of payment: the token of the order's own provider."""

    model_config = ConfigDict(json_schema_extra={"example": {"token": "tok_ok"}})

    token: PersonalText


class HoldPosted(Body):
    """Why an order is to wait, and with which steps; without `expires_at` until somebody lifts it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "fraud",
                "reason": "the address was used by two other customers today",
                "blocks": ["release", "capture"],
            }
        }
    )

    type: Identifier
    reason: FreeText
    blocks: Annotated[
        tuple[HeldStep, ...],
        Field(min_length=1, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_each_once),
    ]
    expires_at: Moment | None = None


class ReviewPosted(Body):
    """What a reviewer decides on a payment, and why; the reason is kept in the order's history."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"decision": "release", "reason": "the customer confirmed by phone"}}
    )

    decision: Literal["release", "reject"]
    reason: FreeText


class ReroutePosted(Body):
    """What to route again, and where: without some locations, or at one."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"exclude_locations": ["store-denver"], "reason": "closed by snow"}}
    )

    fulfillment_id: Identifier | None = None
    exclude_locations: Annotated[tuple[Identifier, ...], Field(max_length=_LINES)] = ()
    pin_location: Identifier | None = None
    reason: FreeText


class AttentionPosted(Body):
    """What a person decides on an order that stopped.

    Try again; leave a refused step of money undone, which writes its amount off; or cancel what has not
    shipped.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"action": "retry", "reason": "PSP is back"}})

    action: Literal["retry", "skip", "cancel"]
    reason: FreeText
