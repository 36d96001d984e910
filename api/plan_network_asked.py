"""The network that a plan is asked on, as a body: what it says is routing's model, field by field."""

from collections.abc import Hashable, Iterable
from datetime import time, timedelta
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import Field, model_validator

from api.bodies import Body, Count, Exact, Identifier, Latitude, Longitude, Moment, Quantity
from api.plan_building import Clock, Day, Names, attempted, built
from api.plan_rates_asked import ServiceAsked
from routing import (
    Calendar,
    InboundSupply,
    Network,
    RegionRule,
    RoutingLocation,
    StockPosition,
    TransferLeg,
)
from routing.model.network import CapacityUnit, LocationKind
from routing.model.rates import DeliveryMethod

_T = TypeVar("_T")
_MOST: Final = 10_000


class RegionsAsked(Body):
    """Where a location sends to: within every list that is given, and in none of the `not_` ones."""

    countries: Names | None = None
    regions: Names | None = None
    postal_prefixes: Names | None = None
    not_countries: Names = ()
    not_regions: Names = ()
    not_postal_prefixes: Names = ()


class LocationAsked(Body):
    """A place that ships; capacity is the units (or orders) that it can still take, none = no limit.

    What is ready by `cutoff`, local, leaves the same day; `processing_minutes` of working time go before.
    Left out, `services`, `handles` (flags) and `serves` mean all, `calendar` every day.
    """

    id: Identifier
    kind: LocationKind
    lat: Latitude
    lng: Longitude
    handling_cost: Exact
    handling_per_unit: Exact | None = None
    capacity: Count | None = None
    capacity_unit: CapacityUnit = "units"
    postal_code: Identifier | None = None
    time_zone: Identifier | None = None
    calendar: Identifier | None = None
    cutoff: Clock | None = None
    processing_minutes: Annotated[int, Field(strict=True, ge=0, le=525_600)] | None = None
    groups: Names = ()
    services: Names | None = None
    methods: Annotated[tuple[DeliveryMethod, ...], Field(max_length=2)] | None = None
    serves: RegionsAsked | None = None
    handles: Names | None = None
    offline: Annotated[bool, Field(strict=True)] = False
    cool_off_until: Moment | None = None
    priority: Count | None = None

    def location(self, pointer: str) -> RoutingLocation:
        """Return the location in routing's terms."""
        serves = self.serves and built(RegionRule, self.serves, f"{pointer}/serves")
        own: dict[str, Any] = {"serves": serves, "cutoff": self.cutoff and time.fromisoformat(self.cutoff)}
        if self.processing_minutes:
            own["processing"] = timedelta(minutes=self.processing_minutes)
        return built(RoutingLocation, self, pointer, without=("processing_minutes",), own=own)


class StockAsked(Body):
    """What may still be promised of a product at a location."""

    location_id: Identifier
    sku: Identifier
    available: Count


class CalendarAsked(Body):
    """Open weekdays (Monday is 0, none given: Monday to Friday), less closed dates, plus extra ones."""

    open_weekdays: Annotated[tuple[Literal[0, 1, 2, 3, 4, 5, 6], ...], Field(max_length=7)] | None = None
    closed: Annotated[tuple[Day, ...], Field(max_length=1_000)] = ()
    extra_open: Annotated[tuple[Day, ...], Field(max_length=1_000)] = ()


class InboundAsked(Body):
    """Units that are due at a location."""

    location_id: Identifier
    sku: Identifier
    quantity: Quantity
    expected_at: Moment


class PositionAsked(Body):
    """How full a location is of a product: on hand, the most it should hold, and units sold a day."""

    location_id: Identifier
    sku: Identifier
    on_hand: Count
    maximum: Count | None = None
    daily_sales: Exact | None = None


class TransferAsked(Body):
    """How one location brings units to a store, at what price and in how many days."""

    origin: Identifier
    store: Identifier
    base: Exact
    per_unit: Exact | None = None
    per_kg: Exact | None = None
    days: Exact | None = None


class NetworkAsked(Body):
    """The network to plan on, instead of the live one; `distances` are km by location, if known better."""

    locations: Annotated[tuple[LocationAsked, ...], Field(max_length=_MOST)]
    stock: Annotated[tuple[StockAsked, ...], Field(max_length=200_000)]
    services: Annotated[tuple[ServiceAsked, ...], Field(max_length=100)]
    calendars: Annotated[dict[Identifier, CalendarAsked], Field(max_length=1_000)] | None = None
    inbound: Annotated[tuple[InboundAsked, ...], Field(max_length=_MOST)] = ()
    positions: Annotated[tuple[PositionAsked, ...], Field(max_length=200_000)] = ()
    transfers: Annotated[tuple[TransferAsked, ...], Field(max_length=_MOST)] = ()
    distances: Annotated[dict[Identifier, Exact], Field(max_length=_MOST)] | None = None
    currency: Identifier | None = None
    exchange: Annotated[dict[Identifier, Annotated[Exact, Field(gt=0)]], Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _each_once((location.id for location in self.locations), "locations: an id")
        _each_once((service.name for service in self.services), "services: a name")
        known = {location.id for location in self.locations}
        for word, rows in (("stock", self.stock), ("positions", self.positions)):
            _each_once(((row.location_id, row.sku) for row in rows), f"{word}: a location's SKU")
            if any(row.location_id not in known for row in rows):
                raise ValueError(f"{word}: a location_id is none of the network's locations")
        return self

    def network(self) -> Network:
        """Return the network in routing's terms; raises InvalidContent, saying where."""
        at = "/network"
        places = tuple(one.location(f"{at}/locations/{n}") for n, one in enumerate(self.locations))
        services = tuple(one.service(f"{at}/services/{n}") for n, one in enumerate(self.services))
        calendars = {
            name: built(Calendar, one, f"{at}/calendars") for name, one in (self.calendars or {}).items()
        }
        more: dict[str, Any] = {
            "inbound": _all(InboundSupply, self.inbound, f"{at}/inbound"),
            "transfers": _all(TransferLeg, self.transfers, f"{at}/transfers"),
            "positions": {
                (one.location_id, one.sku): StockPosition(one.on_hand, one.maximum, one.daily_sales)
                for one in self.positions
            },
            "distances": self.distances and {name: float(km) for name, km in self.distances.items()},
            "currency": self.currency or "",
        }
        stock = {(row.location_id, row.sku): row.available for row in self.stock}
        return attempted(
            lambda: Network(places, stock, services, calendars, exchange=self.exchange or {}, **more), at
        )


def _all(kind: type[_T], bodies: Iterable[Body], pointer: str) -> tuple[_T, ...]:
    return tuple(built(kind, one, f"{pointer}/{at}") for at, one in enumerate(bodies))


def _each_once(names: Iterable[Hashable], what: str) -> None:
    seen: set[Hashable] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} is there twice")
        seen.add(name)
