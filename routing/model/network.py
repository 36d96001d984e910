"""What can serve: locations, what they have to promise, and how they ship."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from routing.errors import RoutingInputError
from routing.model.calendar import Calendar, check_moment, check_time_zone
from routing.model.order import check_coordinates
from routing.model.rates import METHODS, Service, check_cost, check_methods

LocationKind = Literal["dc", "store", "3pl", "supplier"]
CapacityUnit = Literal["units", "orders"]


@dataclass(frozen=True, slots=True)
class RegionRule:
    """Where a location sends to: within every list that is given, and in none of the `not_` ones.

    Countries and regions are codes; postal codes match by how they begin.
    """

    countries: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    postal_prefixes: tuple[str, ...] | None = None
    not_countries: frozenset[str] = frozenset()
    not_regions: frozenset[str] = frozenset()
    not_postal_prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingLocation:
    """A place that ships. Costs are minor units, fractions allowed; capacity is what is left.

    What is ready by `cutoff` (local time) leaves the same day; `processing` is working time it
    needs first. None means: `services`, all; `handles`, every flag; `serves`, everywhere;
    `calendar`, open every day. The lower `priority`, the sooner it is asked.
    """

    id: str
    kind: LocationKind
    lat: float
    lng: float
    handling_cost: Decimal
    handling_per_unit: Decimal = Decimal(0)
    capacity: int | None = None
    capacity_unit: CapacityUnit = "units"
    postal_code: str | None = None
    time_zone: str = "UTC"
    calendar: str | None = None
    cutoff: time | None = None
    processing: timedelta = timedelta(0)
    groups: frozenset[str] = frozenset()
    services: frozenset[str] | None = None
    methods: frozenset[str] = METHODS
    serves: RegionRule | None = None
    handles: frozenset[str] | None = None
    offline: bool = False
    cool_off_until: datetime | None = None
    priority: int | None = None

    @property
    def keeps_hours(self) -> bool:
        """Whether a plan's dates rest on what is known of its hours."""
        return self.calendar is not None or self.cutoff is not None

    def __post_init__(self) -> None:
        check_coordinates(self.lat, self.lng, f"location {self.id}")
        check_cost(self.handling_cost, f"location {self.id}: handling_cost")
        check_cost(self.handling_per_unit, f"location {self.id}: handling_per_unit")
        if self.capacity is not None and self.capacity < 0:
            raise RoutingInputError(f"location {self.id}: capacity must not be negative")
        if self.processing < timedelta(0):
            raise RoutingInputError(f"location {self.id}: processing must not be negative")
        if self.cutoff is not None and self.cutoff.tzinfo is not None:
            raise RoutingInputError(f"location {self.id}: cutoff must be a local time, not {self.cutoff}")
        if self.methods is not METHODS:
            check_methods(self.methods, f"location {self.id}")
        check_time_zone(self.time_zone, f"location {self.id}")
        check_moment(self.cool_off_until, f"location {self.id}: cool_off_until")


@dataclass(frozen=True, slots=True)
class InboundSupply:
    """Units of a sku that are due at a location."""

    location_id: str
    sku: str
    quantity: int
    expected_at: datetime

    def __post_init__(self) -> None:
        if self.quantity <= 0:
            raise RoutingInputError(f"inbound {self.sku}: quantity must be positive, not {self.quantity}")
        check_moment(self.expected_at, f"inbound {self.sku}: expected_at")


@dataclass(frozen=True, slots=True)
class StockPosition:
    """How full a (location, sku) is: units on hand, the most it should hold, units sold a day."""

    on_hand: int
    maximum: int | None = None
    daily_sales: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TransferLeg:
    """How one location brings units to a store: its price in minor units, and its days."""

    origin: str
    store: str
    base: Decimal
    per_unit: Decimal = Decimal(0)
    per_kg: Decimal = Decimal(0)
    days: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        leg = f"transfer {self.origin} to {self.store}"
        for name in ("base", "per_unit", "per_kg", "days"):
            check_cost(getattr(self, name), f"{leg}: {name}")
        if self.origin == self.store:
            raise RoutingInputError(f"{leg}: a location needs no transfer to itself")


@dataclass(frozen=True, slots=True)
class Network:
    """A snapshot: stock is what may still be promised, by (location id, sku).

    `distances` are kilometres to the destination by location id, where they are known better than
    by the great circle. `exchange` is what one minor unit of a currency is worth in minor units of
    the network's.
    """

    locations: tuple[RoutingLocation, ...]
    stock: Mapping[tuple[str, str], int]
    services: tuple[Service, ...]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    inbound: tuple[InboundSupply, ...] = ()
    positions: Mapping[tuple[str, str], StockPosition] = field(default_factory=dict)
    transfers: tuple[TransferLeg, ...] = ()
    distances: Mapping[str, float] | None = None
    currency: str = ""
    exchange: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({location.id for location in self.locations}) != len(self.locations):
            raise RoutingInputError("location ids must be unique within a network")
        _once((service.name for service in self.services), "service names must be unique within a network")
        _once(
            ((leg.origin, leg.store) for leg in self.transfers), "transfer legs must be unique by both ends"
        )
        self._check_calendars()
        self._check_currencies()
        for location_id, km in (self.distances or {}).items():
            if not km >= 0:
                raise RoutingInputError(f"location {location_id}: distance must not be negative, not {km}")

    def _check_calendars(self) -> None:
        named = {location.calendar for location in self.locations}
        named |= {service.calendar for service in self.services}
        unknown = sorted(name for name in named if name is not None and name not in self.calendars)
        if unknown:
            raise RoutingInputError(f"there is no calendar {unknown[0]!r} in the network")

    def _check_currencies(self) -> None:
        for currency, rate in sorted(self.exchange.items()):
            if not rate.is_finite() or rate <= 0:
                raise RoutingInputError(f"exchange of {currency} must be positive, not {rate}")
        for service in self.services:
            currency_needed = service.currency not in (None, self.currency)
            if currency_needed and service.currency not in self.exchange:
                raise RoutingInputError(f"service {service.name}: no exchange for {service.currency}")


def _once(keys: Iterable[object], otherwise: str) -> None:
    listed = list(keys)
    if len(set(listed)) != len(listed):
        raise RoutingInputError(otherwise)
