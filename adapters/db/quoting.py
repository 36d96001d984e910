"""What it costs when one location ships certain units of an order, by the planner's own arithmetic."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from adapters.db.cancellation import LineUnits
from adapters.db.due_dates import keeping_hours
from adapters.db.locked_order import LockedOrder
from adapters.db.reservation import PlannedWork
from adapters.db.routing_request import RoutingRequest
from adapters.db.stock import Cell
from domain.errors import InvalidContent, StateConflict
from routing import Backorder, Policy, RoutingLocation, RoutingOrder, Service, Shipment, plan
from routing.model.case import Case
from routing.pricing.facts import unhandled
from routing.record.lawful import broken_rules, kept_back

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
        waiting = {line.line_id: line for line in asked.lines}
        lines = tuple(
            replace(waiting[line_id], quantity=units) for line_id, units in summed(part.lines).items()
        )
        stock = {(part.location_id, line.sku): sum(one.quantity for one in lines) for line in lines}
        network = replace(
            self.request.network,
            locations=(replace(place, capacity=None, handles=None, cool_off_until=None),),
            stock=stock,
            services=services,
            inbound=(),
        )
        made = plan(replace(asked, lines=lines), network, now=self.order.now, explain=False)
        return made.shipments[0] if made.shipments else None

    def broken_rules(self, shipments: Sequence[Shipment], fallback: Policy) -> Mapping[str, str]:
        """How quoted shipments break the hard rules of the order's policy, or what locations can handle."""
        asked = self.request.order
        if asked is None:
            return {}
        case = Case(asked, self.request.network, self.order.now)
        left = Counter({line.line_id: line.quantity for line in asked.lines})
        for shipment in shipments:
            left.subtract({part.line_id: part.quantity for part in shipment.lines})
        behind = [Backorder(line.line_id, line.sku, n) for line in asked.lines if (n := left[line.line_id])]
        policy = self.request.policy or fallback
        return {**broken_rules(shipments, behind, case, policy), **self._mishandled(shipments, asked)}

    def kept_back(self, shipments: Sequence[Shipment], fallback: Policy) -> Mapping[Cell, int]:
        """Units that the rules of the order's policy keep from it where quoted shipments come from."""
        asked = self.request.order
        if asked is None:
            return {}
        case = Case(asked, self.request.network, self.order.now)
        return kept_back(shipments, case, self.request.policy or fallback)

    def _mishandled(self, shipments: Sequence[Shipment], asked: RoutingOrder) -> Mapping[str, str]:
        places = {place.id: place for place in self.request.network.locations}
        for shipment in shipments:
            sent = {part.line_id for part in shipment.lines}
            lines = [line for line in asked.lines if line.line_id in sent]
            if skus := unhandled(places[shipment.location_id], lines):
                return {"flags": f"{shipment.location_id} may not handle {', '.join(sorted(skus))}"}
        return {}

    def work(self, shipment: Shipment) -> PlannedWork:
        """What a quoted shipment asks of its location, due by its hours as what is planned."""
        keeping = keeping_hours(self.request.network)
        return PlannedWork.of(shipment, keeps_hours=shipment.location_id in keeping)

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
    return (replace(farthest, bands=(replace(last, max_km=_ANYWHERE, zone=None),), zones=None),)
