"""What carriers charge: services with bands by distance or zone, weight breaks and surcharges."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Literal

from routing.errors import RoutingInputError

DeliveryMethod = Literal["ship", "pickup"]
SurchargeKind = Literal["oversize", "flag", "residential"]
METHODS: frozenset[str] = frozenset({"ship", "pickup"})


@dataclass(frozen=True, slots=True)
class WeightBreak:
    """The price of a shipment of up to max_kg billable; costs are minor units."""

    max_kg: Decimal
    base: Decimal
    per_kg: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.max_kg > 0:
            raise RoutingInputError(f"a weight break's max_kg must be positive, not {self.max_kg}")
        check_cost(self.base, "a weight break's base")
        check_cost(self.per_kg, "a weight break's per_kg")


@dataclass(frozen=True, slots=True)
class Band:
    """One line of a service's rates: the price and the days, up to max_km and within the zone.

    With breaks, the first whose max_kg the billable weight does not pass gives the price, and what
    is heavier than the last does not go; without, it is base and per_kg.
    """

    max_km: Decimal | float
    base: Decimal
    per_kg: Decimal
    transit_days: Decimal
    zone: str | None = None
    breaks: tuple[WeightBreak, ...] = ()

    def __post_init__(self) -> None:
        if not self.max_km >= 0:
            raise RoutingInputError("a band's max_km must not be negative")
        check_cost(self.base, "a band's base")
        check_cost(self.per_kg, "a band's per_kg")
        if not self.transit_days.is_finite() or self.transit_days < 0:
            raise RoutingInputError(f"a band's transit_days must be at least 0, not {self.transit_days}")
        for lighter, heavier in zip(self.breaks, self.breaks[1:], strict=False):
            if heavier.max_kg <= lighter.max_kg:
                raise RoutingInputError(
                    f"weight breaks must rise: {heavier.max_kg} kg stands after {lighter.max_kg} kg"
                )


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """From postal codes that begin so, to postal codes that begin so: which zone; "" is any."""

    origin: str
    destination: str
    zone: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """Zones by postal prefix: the longest origin that has a match applies, then the longest destination.

    A row that names the destination's country beats one that names none.
    """

    rows: tuple[ZoneRow, ...]

    def __post_init__(self) -> None:
        seen: dict[tuple[str, str, str | None], str] = {}
        for row in self.rows:
            key = (row.origin, row.destination, row.country)
            if seen.setdefault(key, row.zone) != row.zone:
                raise RoutingInputError(
                    f"zone of {row.origin!r} to {row.destination!r} is both {seen[key]} and {row.zone}"
                )


@dataclass(frozen=True, slots=True)
class Surcharge:
    """An amount on top, in minor units: oversize and flag for each such unit, residential once a shipment.

    A unit is oversize when its longest side, its length and girth (longest side + 2 × the other
    two), or its weight passes the limit given, or when it has the flag.
    """

    name: str
    kind: SurchargeKind
    amount: Decimal
    longest_mm: int | None = None
    length_and_girth_mm: int | None = None
    weight_g: int | None = None
    flag: str | None = None

    def __post_init__(self) -> None:
        check_cost(self.amount, f"surcharge {self.name}: amount")
        if self.kind == "flag" and self.flag is None:
            raise RoutingInputError(f"surcharge {self.name}: of which flag?")
        limits = (self.longest_mm, self.length_and_girth_mm, self.weight_g, self.flag)
        if self.kind == "oversize" and all(limit is None for limit in limits):
            raise RoutingInputError(f"surcharge {self.name}: an oversize surcharge needs a limit or a flag")


@dataclass(frozen=True, slots=True)
class Service:
    """A carrier service that every location offers; the first band that reaches applies.

    `dim_divisor` is cm³ per kg. `calendar` names the carrier's working days (None: every day) and
    `pickups` the times it collects, local at the location (empty: whenever a parcel is ready).
    Prices are in `currency` (None: the network's). With `zones`, bands that name a zone apply
    within it.
    """

    name: str
    bands: tuple[Band, ...]
    service_level: str | None = None
    methods: frozenset[str] = frozenset({"ship"})
    dim_divisor: Decimal | None = None
    surcharges: tuple[Surcharge, ...] = ()
    calendar: str | None = None
    pickups: tuple[time, ...] = ()
    zones: ZoneMap | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        if self.dim_divisor is not None and not (self.dim_divisor.is_finite() and self.dim_divisor > 0):
            raise RoutingInputError(
                f"service {self.name}: dim_divisor must be positive, not {self.dim_divisor}"
            )
        check_methods(self.methods, f"service {self.name}")
        for band in self.bands:
            if band.zone is not None and self.zones is None:
                raise RoutingInputError(
                    f"service {self.name}: a band is of zone {band.zone}, but it has no zones"
                )
        for pickup in self.pickups:
            if pickup.tzinfo is not None:
                raise RoutingInputError(f"service {self.name}: pick-up {pickup} must be a local time")


def check_methods(methods: frozenset[str], whose: str) -> None:
    """Refuse a delivery method other than ship and pickup."""
    unknown = sorted(methods - METHODS)
    if unknown:
        raise RoutingInputError(f"{whose}: there is no delivery method {unknown[0]!r}")


def check_cost(value: Decimal, what: str) -> None:
    """Refuse a cost that is negative, infinite or binary: the search relies on all three."""
    decimal: object = value  # callers without type checks pass floats
    if not isinstance(decimal, Decimal) or not decimal.is_finite() or decimal < 0:
        raise RoutingInputError(f"{what} must be a finite Decimal of at least 0")
