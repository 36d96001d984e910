"""What can serve: locations, what they have to promise, and how they ship."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from routing.errors import RoutingInputError
from routing.order import check_coordinates

LocationKind = Literal["dc", "store", "3pl", "supplier"]
CapacityUnit = Literal["units", "orders"]


@dataclass(frozen=True, slots=True)
class RoutingLocation:
    """A place that ships. Costs are minor units, fractions allowed; capacity is what is left."""

    id: str
    kind: LocationKind
    lat: float
    lng: float
    handling_cost: Decimal
    handling_per_unit: Decimal = Decimal(0)
    capacity: int | None = None
    capacity_unit: CapacityUnit = "units"

    def __post_init__(self) -> None:
        check_coordinates(self.lat, self.lng, f"location {self.id}")
        check_cost(self.handling_cost, f"location {self.id}: handling_cost")
        check_cost(self.handling_per_unit, f"location {self.id}: handling_per_unit")
        if self.capacity is not None and self.capacity < 0:
            raise RoutingInputError(f"location {self.id}: capacity must not be negative")


@dataclass(frozen=True, slots=True)
class Band:
    """One distance band of a service: its price and its days, up to max_km."""

    max_km: Decimal | float
    base: Decimal
    per_kg: Decimal
    transit_days: Decimal

    def __post_init__(self) -> None:
        if not self.max_km >= 0:
            raise RoutingInputError("a band's max_km must not be negative")
        check_cost(self.base, "a band's base")
        check_cost(self.per_kg, "a band's per_kg")


@dataclass(frozen=True, slots=True)
class Service:
    """A carrier service that every location offers; the first band that reaches applies."""

    name: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A snapshot: stock is what may still be promised, by (location id, sku)."""

    locations: tuple[RoutingLocation, ...]
    stock: Mapping[tuple[str, str], int]
    services: tuple[Service, ...]

    def __post_init__(self) -> None:
        if len({location.id for location in self.locations}) != len(self.locations):
            raise RoutingInputError("location ids must be unique within a network")
        if len({service.name for service in self.services}) != len(self.services):
            raise RoutingInputError("service names must be unique within a network")


def check_cost(value: Decimal, what: str) -> None:
    """Refuse a cost that is negative, infinite or binary: the search relies on all three."""
    decimal: object = value  # callers without type checks pass floats
    if not isinstance(decimal, Decimal) or not decimal.is_finite() or decimal < 0:
        raise RoutingInputError(f"{what} must be a finite Decimal of at least 0")
