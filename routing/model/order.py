"""What is asked for: lines and the place they go to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from routing.errors import RoutingInputError
from routing.model.calendar import check_moment
from routing.model.rates import METHODS, DeliveryMethod, check_cost


@dataclass(frozen=True, slots=True)
class RoutingLine:
    """Units of one product wanted; weight, sides and value (minor units) are of one unit.

    Lines with one `keep_together` travel in one shipment where the policy keeps groups together.
    """

    line_id: str
    sku: str
    quantity: int
    weight_g: int
    dims_mm: tuple[int, int, int] | None = None
    flags: frozenset[str] = frozenset()
    keep_together: str | None = None
    category: str | None = None
    value: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.quantity <= 0:
            raise RoutingInputError(f"line {self.line_id}: quantity must be positive")
        if self.weight_g < 0:
            raise RoutingInputError(f"line {self.line_id}: weight_g must not be negative")
        if self.dims_mm is not None and min(self.dims_mm) < 0:
            raise RoutingInputError(
                f"line {self.line_id}: dims_mm must not be negative, unlike {self.dims_mm}"
            )
        check_cost(self.value, f"line {self.line_id}: value")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the order goes, in degrees; country and region are codes."""

    lat: float
    lng: float
    postal_code: str | None = None
    country: str | None = None
    region: str | None = None
    residential: bool = False

    def __post_init__(self) -> None:
        check_coordinates(self.lat, self.lng, "destination")


@dataclass(frozen=True, slots=True)
class RoutingOrder:
    """The units to be shipped. Two lines may name one sku; they share its stock.

    `rejects` says, by location id, how often it failed this order. A pickup order is collected at
    `pickup_location` (None: at any location that offers it).
    """

    lines: tuple[RoutingLine, ...]
    destination: Destination
    method: DeliveryMethod = "ship"
    service_level: str | None = None
    deliver_by: datetime | None = None
    channel: str | None = None
    customer_tier: str | None = None
    pickup_location: str | None = None
    rejects: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.lines:
            raise RoutingInputError("an order to route has at least one line")
        if len({line.line_id for line in self.lines}) != len(self.lines):
            raise RoutingInputError("line_id must be unique within an order")
        if self.method not in METHODS:
            raise RoutingInputError(f"an order's method is ship or pickup, not {self.method!r}")
        if self.method == "ship" and self.pickup_location is not None:
            raise RoutingInputError(f"a shipped order has no pickup_location, not {self.pickup_location!r}")
        check_moment(self.deliver_by, "an order's deliver_by")


def check_coordinates(lat: float, lng: float, whose: str) -> None:
    """Refuse coordinates that are not on the globe."""
    if not (math.isfinite(lat) and math.isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180):  # noqa: PLR2004
        raise RoutingInputError(f"{whose}: lat must be within ±90 and lng within ±180")
