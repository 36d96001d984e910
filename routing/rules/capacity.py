"""Capacity that is kept for other work."""

from dataclasses import dataclass
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan
from routing.model.network import RoutingLocation
from routing.rules.base import Rule
from routing.rules.places import Places


@dataclass(frozen=True, slots=True)
class Capacity(Rule):
    """The last `keep_free` units or orders that a location can take today are not for this order.

    `at` names the locations that are meant (None: all). One without a capacity is not concerned.
    """

    name: ClassVar[str] = "capacity"
    keep_free: int
    at: Places | None = None

    def __post_init__(self) -> None:
        if self.keep_free < 1:
            raise RoutingInputError("capacity: keep_free must be at least 1")

    def capacity(self, place: RoutingLocation, left: int) -> int:
        """Keep the last of it free."""
        return max(0, left - self.keep_free) if self.at is None or place in self.at else left

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Count what every location could still take afterwards."""
        sent = {shipment.location_id: shipment for shipment in plan.shipments}
        for place in case.network.locations:
            if place.id not in sent or place.capacity is None or not (self.at is None or place in self.at):
                continue
            units = sum(line.quantity for line in sent[place.id].lines)
            free = place.capacity - (units if place.capacity_unit == "units" else 1)
            if free < self.keep_free:
                return f"{place.id} could take {free} more, fewer than {self.keep_free}"
        return None
