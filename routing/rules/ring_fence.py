"""Stock that stays where it is."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan
from routing.model.network import RoutingLocation
from routing.model.order import RoutingLine
from routing.rules.base import Rule
from routing.rules.places import Places
from routing.rules.products import Products


@dataclass(frozen=True, slots=True)
class RingFence(Rule):
    """The last `units` of a product at a location are not for this order.

    `products` and `at` name what is meant and where (None: every product, every location).
    """

    name: ClassVar[str] = "ring_fence"
    units: int
    products: Products | None = None
    at: Places | None = None

    def __post_init__(self) -> None:
        if self.units < 1:
            raise RoutingInputError("ring_fence: units must be at least 1")

    def supply(self, place: RoutingLocation, line: RoutingLine, units: int) -> int:
        """Leave the last units."""
        return max(0, units - self.units) if self._covers(place, line) else units

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Count what every shipment leaves behind."""
        places = {place.id: place for place in case.network.locations}
        lines = {line.line_id: line for line in case.order.lines}
        for shipment in plan.shipments:
            place = places[shipment.location_id]
            sent = Counter[str]()
            for part in shipment.lines:
                sent[part.sku] += part.quantity
            fenced = {part.sku for part in shipment.lines if self._covers(place, lines[part.line_id])}
            for sku in sorted(fenced):
                left = case.network.stock.get((place.id, sku), 0) - sent[sku]
                if left < self.units:
                    return f"{place.id} keeps {left} of {sku}, fewer than {self.units}"
        return None

    def _covers(self, place: RoutingLocation, line: RoutingLine) -> bool:
        here = self.at is None or place in self.at
        return here and (self.products is None or line in self.products)
