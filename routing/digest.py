"""The input's fingerprint: equal inputs have equal hashes, on any machine, in any order given."""

import hashlib
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from routing.network import Network, RoutingLocation
from routing.order import RoutingOrder
from routing.policy import Policy


def input_hash(order: RoutingOrder, network: Network, policy: Policy) -> str:
    """SHA-256, in hex, of the canonical text of all that the decision rests on."""
    rows = (*_order_rows(order), *_network_rows(network), *_policy_rows(policy))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _order_rows(order: RoutingOrder) -> Iterator[str]:
    to = order.destination
    yield _row("to", float(to.lat), float(to.lng), to.postal_code)
    for line in order.lines:  # their order matters: it decides which line waits
        yield _row("line", line.line_id, line.sku, line.quantity, line.weight_g)


def _network_rows(network: Network) -> Iterator[str]:
    yield from sorted(map(_location_row, network.locations))
    yield from sorted([f"stock\t{k[0]!r}\t{k[1]!r}\t{n}" for k, n in network.stock.items()])
    for service in sorted(network.services, key=lambda service: service.name):
        yield _row("service", service.name)
        for band in sorted(service.bands, key=lambda band: band.max_km):
            yield _row("band", band.max_km, band.base, band.per_kg, band.transit_days)


def _location_row(at: RoutingLocation) -> str:
    costs = f"{_exact(at.handling_cost)}\t{_exact(at.handling_per_unit)}"
    where = f"{at.kind}\t{float(at.lat)!r}\t{float(at.lng)!r}"
    return f"location\t{at.id!r}\t{where}\t{costs}\t{at.capacity}\t{at.capacity_unit}"


def _policy_rows(policy: Policy) -> Iterator[str]:
    yield _row("policy", policy.name, policy.version, policy.max_shipments, policy.shipment_penalty)
    yield _row("exclude", *sorted(policy.exclude_locations))
    included = policy.include_locations
    yield _row("include", *(["any"] if included is None else ["only", *sorted(included)]))
    yield from sorted(_row("worth", *key, n) for key, n in policy.opportunity_price.items())


def _row(word: str, *values: object) -> str:
    return "\t".join((word, *_cells(values)))


def _cells(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield _exact(value) if isinstance(value, (Decimal, float)) else repr(value)


def _exact(value: Decimal | float) -> str:
    """Write a number so that 1.0 and 1.00 are the same text and nothing is rounded."""
    if not math.isfinite(value):
        return str(value).lower()
    numerator, denominator = value.as_integer_ratio()
    return f"{numerator}/{denominator}"
