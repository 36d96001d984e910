"""What it costs when one location ships certain units of an order, by the planner's own arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from adapters.db.cancellation import LineUnits
from adapters.db.locked_order import LockedOrder
from adapters.db.routing_request import RoutingRequest
from domain.errors import InvalidContent, StateConflict
from routing import Network, RoutingLine, RoutingLocation, RoutingOrder, Service, Shipment, plan

_ANYWHERE: Final = Decimal(50_000)


@dataclass(frozen=True, slots=True)
class Part:
    """What one location is to ship; `service` None for the cheapest, `cost` what it was said to cost."""

    location_id: str
    lines: tuple[LineUnits, ...]
    service: str | None = None
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Quoting:
    """Prices parts of one order; the request holds every line that waits, and the network."""

    order: LockedOrder
    request: RoutingRequest

    def services(self, part: Part, pointer: str) -> tuple[Service, ...]:
        """The services that may be used; InvalidContent at `pointer` for a name that none of them has."""
        services = self.request.network.services
        if part.service is None:
            return services
        named = tuple(service for service in services if service.name == part.service)
        if not named:
            raise InvalidContent("no service of the order's service level has this name", pointer)
        return named

    def quote(self, part: Part, services: tuple[Service, ...]) -> Shipment | None:
        """The shipment by the cheapest of some services, as if all were there; None out of their reach.

        Raises StateConflict for a location that is not open, or where the customer does not come.
        """
        asked = self.request.order
        place = self._open(part)
        if asked is None:
            raise StateConflict("the order's address has no place: nobody knows what shipping to it costs")
        weights = {line.line_id: line.weight_g for line in asked.lines}
        skus = {line.line_id: line.sku for line in asked.lines}
        lines = tuple(
            RoutingLine(line_id, skus[line_id], quantity, weights[line_id])
            for line_id, quantity in summed(part.lines).items()
        )
        stock = {(part.location_id, line.sku): sum(one.quantity for one in lines) for line in lines}
        network = Network((replace(place, capacity=None),), stock, services)
        made = plan(RoutingOrder(lines, asked.destination), network, now=self.order.now, explain=False)
        return made.shipments[0] if made.shipments else None

    def _open(self, part: Part) -> RoutingLocation:
        pickup = self.order.values["pickup_location"]
        if pickup is not None and part.location_id != pickup:
            raise StateConflict(f"the customer picks this order up at {pickup}")
        for place in self.request.network.locations:
            if place.id == part.location_id:
                return place
        raise StateConflict(f"{part.location_id} is not open")


def summed(lines: Sequence[LineUnits]) -> dict[str, int]:
    """Units by line."""
    units: dict[str, int] = {}
    for one in lines:
        units[one.line_id] = units.get(one.line_id, 0) + one.quantity
    return units


def stretched(services: Sequence[Service]) -> tuple[Service, ...]:
    """The service that reaches farthest, its last band without an end."""
    reaching = [service for service in services if service.bands]
    if not reaching:
        return ()
    farthest = max(reaching, key=lambda service: max(band.max_km for band in service.bands))
    last = max(farthest.bands, key=lambda band: band.max_km)
    return (Service(farthest.name, (replace(last, max_km=_ANYWHERE),)),)
