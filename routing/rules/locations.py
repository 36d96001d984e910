"""Which locations may ship at all."""

from dataclasses import dataclass
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan, Verdict
from routing.model.network import RoutingLocation
from routing.rules.base import Rule
from routing.rules.places import NOWHERE, Places


@dataclass(frozen=True, slots=True)
class Locations(Rule):
    """Only those of `include` may ship (None: any), and none of `exclude`."""

    name: ClassVar[str] = "locations"
    include: Places | None = None
    exclude: Places = NOWHERE

    def excludes(self, place: RoutingLocation, case: Case) -> Verdict | None:
        """Keep out what is excluded, and what is not included."""
        if place in self.exclude:
            return Verdict(place.id, "excluded", "excluded_by_policy")
        if self.include is not None and place not in self.include:
            return Verdict(place.id, "excluded", "not_included")
        return None

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Find a shipment from a location that may not ship."""
        sending = {shipment.location_id for shipment in plan.shipments}
        for place in case.network.locations:
            if place.id in sending and place in self.exclude:
                return f"{place.id} ships and is excluded"
            if place.id in sending and not (self.include is None or place in self.include):
                return f"{place.id} ships and is not included"
        return None
