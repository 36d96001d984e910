"""Locations that failed this order too often."""

from dataclasses import dataclass
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan, Verdict
from routing.model.network import RoutingLocation
from routing.rules.base import Rule


@dataclass(frozen=True, slots=True)
class MaxRejects(Rule):
    """A location that failed the order `most` times is not asked again."""

    name: ClassVar[str] = "max_rejects"
    most: int

    def __post_init__(self) -> None:
        if self.most < 1:
            raise RoutingInputError("max_rejects: most must be at least 1")

    def excludes(self, place: RoutingLocation, case: Case) -> Verdict | None:
        """Keep out whoever failed too often."""
        times = case.order.rejects.get(place.id, 0)
        if times < self.most:
            return None
        return Verdict(place.id, "excluded", "max_rejects", times, self.most)

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Look up every shipping location."""
        for shipment in plan.shipments:
            if case.order.rejects.get(shipment.location_id, 0) >= self.most:
                return f"{shipment.location_id} failed this order {self.most} times"
        return None
