"""A network of a few locations: one service at 500, a day up to 500 km and three beyond."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from routing import (
    Band,
    Destination,
    FulfillmentPlan,
    Network,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
)

NOW = datetime(2025, 1, 6, 12, tzinfo=UTC)
KM = {"near": 1.0, "far": 10.0}
_GROUND = Service(
    "ground",
    (
        Band(Decimal(500), Decimal(500), Decimal(0), Decimal(1)),
        Band(Decimal(20_000), Decimal(500), Decimal(0), Decimal(3)),
    ),
)
Sent = dict[tuple[str, str], int]


def order(units: Mapping[str, int], *, value: int = 1000, **facts: Any) -> RoutingOrder:
    """Return an order with a line a product, worth `value` a unit, to latitude and longitude 0."""
    to = Destination(0.0, 0.0, country=facts.pop("country", None))
    lines = (RoutingLine(sku, sku, n, 500, value=Decimal(value)) for sku, n in units.items())
    return RoutingOrder(tuple(lines), to, **facts)


def place(name: str, *, km: str = "near", cost: int = 0, **facts: Any) -> RoutingLocation:
    """Return a location 111 km (near) or 1,112 km (far) away, with its price of a shipment."""
    return RoutingLocation(name, facts.pop("kind", "dc"), KM[km], 0.0, Decimal(cost), **facts)


def network(stock: Mapping[RoutingLocation, Mapping[str, int]], **facts: Any) -> Network:
    """Return the locations with what they have."""
    held = {(one.id, sku): units for one, has in stock.items() for sku, units in has.items()}
    return Network(tuple(stock), held, (_GROUND,), **facts)


def sent(plan: FulfillmentPlan) -> Sent:
    """Return what ships from where: units by location and product."""
    return {
        (shipment.location_id, line.sku): line.quantity
        for shipment in plan.shipments
        for line in shipment.lines
    }
