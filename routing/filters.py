"""The hard filters: which locations may take part, and what keeps the others out."""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.distance import BandTable, haversine_km
from routing.fulfillment import Verdict
from routing.network import Band, Network, RoutingLocation
from routing.order import RoutingOrder
from routing.policy import Policy


@dataclass(frozen=True, slots=True)
class Candidate:
    """A location that may ship: what it has of the order, and the services that reach."""

    location: RoutingLocation
    km: float
    available: dict[str, int]
    bands: tuple[tuple[str, Band], ...]


def sift(order: RoutingOrder, network: Network, policy: Policy) -> tuple[list[Candidate], list[Verdict]]:
    """Part the locations into candidates and excluded, both by location id."""
    skus = tuple(dict.fromkeys(line.sku for line in order.lines))
    services = sorted(network.services, key=lambda service: service.name)
    tables = tuple(BandTable.of(service) for service in services)
    candidates: list[Candidate] = []
    excluded: list[Verdict] = []
    for location in sorted(network.locations, key=lambda location: location.id):
        available = _available(location, skus, network)
        ruled_out = _ruled_out(location, policy, available)
        if ruled_out:
            excluded.append(ruled_out)
            continue
        to = order.destination
        km = haversine_km(location.lat, location.lng, to.lat, to.lng)
        bands = tuple((table.service, band) for table in tables if (band := table.at(km)))
        if bands:
            candidates.append(Candidate(location, km, available, bands))
        else:
            reach = max((table.reaches[-1] for table in tables if table.reaches), default=0.0)
            excluded.append(Verdict(location.id, "excluded", "not_served", km, reach))
    return candidates, excluded


def within_reach(order: RoutingOrder, network: Network) -> frozenset[str]:
    """The locations from which a service reaches the destination, whatever they have."""
    to = order.destination
    tables = tuple(BandTable.of(service) for service in network.services)
    return frozenset(
        place.id
        for place in network.locations
        if any(table.at(haversine_km(place.lat, place.lng, to.lat, to.lng)) for table in tables)
    )


def _available(location: RoutingLocation, skus: Iterable[str], network: Network) -> dict[str, int]:
    stock = network.stock
    return {sku: n for sku in skus if (n := stock.get((location.id, sku), 0)) > 0}


def _ruled_out(location: RoutingLocation, policy: Policy, available: dict[str, int]) -> Verdict | None:
    """Name the first rule that keeps a location out, in the order the rules are listed."""
    if location.id in policy.exclude_locations:
        return Verdict(location.id, "excluded", "excluded_by_policy")
    if policy.include_locations is not None and location.id not in policy.include_locations:
        return Verdict(location.id, "excluded", "not_included")
    if location.capacity == 0:
        return Verdict(location.id, "excluded", "capacity", number=0, threshold=1)
    if not available:
        return Verdict(location.id, "excluded", "no_stock", number=0, threshold=1)
    return None
