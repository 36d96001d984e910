"""What the DOM is asked over HTTP, checked and turned into routing's own terms."""

from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from api.bodies import Body, Count, Exact, Identifier, Latitude, Longitude, Quantity
from routing import (
    PRESETS,
    Band,
    Destination,
    Network,
    Policy,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
)
from routing.network import CapacityUnit, LocationKind

_EXAMPLE: Final[dict[str, Any]] = {
    "lines": [{"sku": "MUG", "quantity": 2, "weight_g": 350}],
    "destination": {"lat": 40.71, "lng": -74.01, "postal_code": "10007"},
    "policy": "lowest_cost",
    "network": {
        "locations": [{"id": "dc-east", "kind": "dc", "lat": 40.0, "lng": -75.1, "handling_cost": 120}],
        "stock": [{"location_id": "dc-east", "sku": "MUG", "available": 40}],
        "services": [
            {
                "name": "ground",
                "bands": [{"max_km": 500, "base": 450, "per_kg": 80.5, "transit_days": 2}],
            }
        ],
    },
}


class LineAsked(Body):
    """Units of one product; the weight is grams per unit."""

    sku: Identifier
    quantity: Quantity
    weight_g: Count


class DestinationAsked(Body):
    """Where it goes, in degrees."""

    lat: Latitude
    lng: Longitude
    postal_code: Identifier | None = None


class LocationAsked(Body):
    """A place that ships; capacity is the units (or orders) that it can still take, none = no limit."""

    id: Identifier
    kind: LocationKind
    lat: Latitude
    lng: Longitude
    handling_cost: Exact
    handling_per_unit: Exact | None = None
    capacity: Count | None = None
    capacity_unit: CapacityUnit = "units"


class StockAsked(Body):
    """What may still be promised of a product at a location."""

    location_id: Identifier
    sku: Identifier
    available: Count


class BandAsked(Body):
    """The price of a service up to a distance."""

    max_km: Exact
    base: Exact
    per_kg: Exact
    transit_days: Exact


def _ascending(bands: Sequence[BandAsked]) -> Sequence[BandAsked]:
    if any(further.max_km <= nearer.max_km for nearer, further in pairwise(bands)):
        raise ValueError("bands must stand in ascending order of max_km, each once")
    return bands


class ServiceAsked(Body):
    """A carrier service that every location offers; the first band that reaches applies."""

    name: Identifier
    bands: Annotated[tuple[BandAsked, ...], Field(max_length=100), AfterValidator(_ascending)]


class NetworkAsked(Body):
    """The network to plan on, instead of the live one."""

    locations: Annotated[tuple[LocationAsked, ...], Field(max_length=10_000)]
    stock: Annotated[tuple[StockAsked, ...], Field(max_length=200_000)]
    services: Annotated[tuple[ServiceAsked, ...], Field(max_length=100)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _each_once((location.id for location in self.locations), "locations: an id")
        _each_once((service.name for service in self.services), "services: a name")
        _each_once(((row.location_id, row.sku) for row in self.stock), "stock: a location's SKU")
        known = {location.id for location in self.locations}
        if any(row.location_id not in known for row in self.stock):
            raise ValueError("stock: a location_id is none of the network's locations")
        return self

    def network(self) -> Network:
        """Return the network in routing's terms."""
        return Network(
            locations=tuple(_location(asked) for asked in self.locations),
            stock={(row.location_id, row.sku): row.available for row in self.stock},
            services=tuple(
                Service(service.name, tuple(Band(**dict(band)) for band in service.bands))
                for service in self.services
            ),
        )


class PolicyAsked(Body):
    """A policy of the caller's own; `shipment_penalty` is minor units per shipment."""

    max_shipments: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    exclude_locations: Annotated[tuple[Identifier, ...], Field(max_length=10_000)] = ()
    include_locations: Annotated[tuple[Identifier, ...], Field(max_length=10_000)] | None = None
    shipment_penalty: Exact | None = None

    def policy(self) -> Policy:
        """Return the policy in routing's terms."""
        included = self.include_locations
        return Policy(
            name="custom",
            max_shipments=self.max_shipments,
            exclude_locations=frozenset(self.exclude_locations),
            include_locations=None if included is None else frozenset(included),
            shipment_penalty=self.shipment_penalty or Decimal(0),
        )


def _known_preset(name: str) -> str:
    if name not in PRESETS:
        raise ValueError(f"is not a policy; there are {', '.join(sorted(PRESETS))}")
    return name


def _name_or_object(value: Any) -> str:
    return "name" if isinstance(value, str) else "object"


PresetName = Annotated[Identifier, AfterValidator(_known_preset), Field(examples=sorted(PRESETS))]
PolicyChoice = Annotated[
    Annotated[PresetName, Tag("name")] | Annotated[PolicyAsked, Tag("object")], Discriminator(_name_or_object)
]


class PlanAsked(Body):
    """Lines, where they go, how to choose, and where from (the live network when not given)."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    lines: Annotated[tuple[LineAsked, ...], Field(min_length=1, max_length=200)]
    destination: DestinationAsked
    policy: PolicyChoice = "lowest_cost"
    network: NetworkAsked | None = None

    def order(self) -> RoutingOrder:
        """Return the order in routing's terms."""
        lines = tuple(
            RoutingLine(str(number), line.sku, line.quantity, line.weight_g)
            for number, line in enumerate(self.lines, start=1)
        )
        return RoutingOrder(lines, Destination(**dict(self.destination)))

    def chosen_policy(self) -> Policy:
        """Return the policy, named or spelled out."""
        return PRESETS[self.policy] if isinstance(self.policy, str) else self.policy.policy()


def _location(asked: LocationAsked) -> RoutingLocation:
    return RoutingLocation(
        id=asked.id,
        kind=asked.kind,
        lat=asked.lat,
        lng=asked.lng,
        handling_cost=asked.handling_cost,
        handling_per_unit=asked.handling_per_unit or Decimal(0),
        capacity=asked.capacity,
        capacity_unit=asked.capacity_unit,
    )


def _each_once(names: Iterable[Hashable], what: str) -> None:
    seen: set[Hashable] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} is there twice")
        seen.add(name)
