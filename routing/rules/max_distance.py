"""Not from farther than so many kilometres."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan, Verdict
from routing.pricing.offers import Offer
from routing.rules.base import Rule
from routing.rules.places import Places


@dataclass(frozen=True, slots=True)
class MaxDistance(Rule):
    """A location ships at most `km` far. `of` names the locations that are meant (None: all)."""

    name: ClassVar[str] = "max_distance"
    km: Decimal
    of: Places | None = None

    def __post_init__(self) -> None:
        if not self.km >= 0:
            raise RoutingInputError("max_distance: km must not be negative")

    def refuses(self, offer: Offer, case: Case) -> Verdict | None:
        """Keep out what is too far."""
        if offer.km <= self.km or not (self.of is None or offer.location in self.of):
            return None
        return Verdict(offer.location.id, "excluded", "max_distance", offer.km, float(self.km))

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Measure every shipment."""
        meant = {place.id for place in case.network.locations if self.of is None or place in self.of}
        for shipment in plan.shipments:
            if shipment.location_id in meant and shipment.km > self.km:
                return f"{shipment.location_id} is {shipment.km} km away, more than {self.km}"
        return None
