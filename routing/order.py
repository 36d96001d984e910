"""What is asked for: lines and the place they go to."""

import math
from dataclasses import dataclass

from routing.errors import RoutingInputError


@dataclass(frozen=True, slots=True)
class RoutingLine:
    """Units of one product wanted; weight is grams per unit."""

    line_id: str
    sku: str
    quantity: int
    weight_g: int

    def __post_init__(self) -> None:
        if self.quantity <= 0:
            raise RoutingInputError(f"line {self.line_id}: quantity must be positive")
        if self.weight_g < 0:
            raise RoutingInputError(f"line {self.line_id}: weight_g must not be negative")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the order goes, in degrees."""

    lat: float
    lng: float
    postal_code: str | None = None

    def __post_init__(self) -> None:
        check_coordinates(self.lat, self.lng, "destination")


@dataclass(frozen=True, slots=True)
class RoutingOrder:
    """The units to be shipped. Two lines may name one sku; they share its stock."""

    lines: tuple[RoutingLine, ...]
    destination: Destination

    def __post_init__(self) -> None:
        if not self.lines:
            raise RoutingInputError("an order to route has at least one line")
        if len({line.line_id for line in self.lines}) != len(self.lines):
            raise RoutingInputError("line_id must be unique within an order")


def check_coordinates(lat: float, lng: float, whose: str) -> None:
    """Refuse coordinates that are not on the globe."""
    if not (math.isfinite(lat) and math.isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180):  # noqa: PLR2004
        raise RoutingInputError(f"{whose}: lat must be within ±90 and lng within ±180")
