"""The bodies of carts: what is asked before there is an order."""

from datetime import timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from adapters.db.carts import Cart, CartLine
from api.bodies import Body, Identifier, Latitude, Longitude, Moment, Money, PersonalLine, Quantity
from api.order_bodies import Country, Delivery

_LINES: Final = 200
_EXAMPLE: Final[dict[str, Any]] = {
    "channel": "web",
    "lines": [{"sku": "MUG-BLUE", "quantity": 2}],
    "ship_to": {"postal_code": "80202", "country": "US"},
}


def _each_once(levels: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(levels)) < len(levels):
        raise ValueError("a service level is named twice")
    return levels


class CartLinePosted(Body):
    """Units of one product; `unit_price` as the order will say it, for policies that ask what it is worth."""

    sku: Identifier
    quantity: Quantity
    unit_price: Money = 0


class CartAddress(Body):
    """Where it would go; without `lat` and `lng` the postal table places it."""

    postal_code: Annotated[PersonalLine, Field(max_length=20)]
    country: Country
    region: PersonalLine | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None
    residential: Annotated[bool, Field(strict=True)] | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.lat is None) != (self.lng is None):
            raise ValueError("lat and lng are given together")
        return self


class CartPosted(Body):
    """What somebody is about to order."""

    channel: Identifier
    lines: Annotated[tuple[CartLinePosted, ...], Field(min_length=1, max_length=_LINES)]
    ship_to: CartAddress | None = None
    delivery: Delivery = Delivery(method="ship")
    deliver_by: Annotated[Moment | None, Field(description="When it has to be there")] = None
    customer_tier: Identifier | None = None

    @model_validator(mode="after")
    def _shipped_to_somewhere(self) -> Self:
        if self.delivery.method == "ship" and self.ship_to is None:
            raise ValueError("ship_to is required where it is to be shipped")
        return self

    def cart(self, service_level: str | None = None) -> Cart:
        """The cart, for another service level than its own if one is given."""
        return Cart(
            channel=self.channel,
            lines=tuple(CartLine(line.sku, line.quantity, line.unit_price) for line in self.lines),
            ship_to=self._destination(),
            method=self.delivery.method,
            service_level=service_level or self.delivery.service_level,
            pickup_location=self.delivery.pickup_location,
            deliver_by=self.deliver_by,
            customer_tier=self.customer_tier,
        )

    def _destination(self) -> dict[str, Any] | None:
        if self.ship_to is None or self.delivery.method == "pickup":
            return None
        return self.ship_to.model_dump(exclude_none=True)


Seconds = Annotated[int, Field(strict=True, ge=1, le=86_400)]


class ReservationPosted(CartPosted):
    """A cart to be kept; `ttl_seconds` no more than the service allows, its usual time when not given."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE | {"ttl_seconds": 600}})

    ttl_seconds: Seconds | None = None
    partial: Annotated[bool, Field(strict=True, description="Keep what there is, if not all")] = False

    def ttl(self) -> timedelta | None:
        """How long to keep it, if that is said."""
        return None if self.ttl_seconds is None else timedelta(seconds=self.ttl_seconds)


ServiceLevel = Literal["standard", "expedited", "same_day"]


class PromiseAsked(CartPosted):
    """A cart, and the service levels that are thought of.

    With `hold_seconds` what is promised for `delivery.service_level` is kept, as by POST /v1/reservations.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    service_levels: Annotated[
        tuple[ServiceLevel, ...],
        Field(min_length=1, max_length=3, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_each_once),
    ] = ("standard", "expedited", "same_day")
    hold_seconds: Seconds | None = None

    @model_validator(mode="after")
    def _held_is_promised(self) -> Self:
        if self.hold_seconds is not None and self.delivery.service_level not in self.service_levels:
            raise ValueError("what is to be held, delivery.service_level, is none of service_levels")
        return self

    def hold(self) -> timedelta | None:
        """How long to keep what is promised, None for not at all."""
        return None if self.hold_seconds is None else timedelta(seconds=self.hold_seconds)
