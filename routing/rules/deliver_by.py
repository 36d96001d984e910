"""It must arrive in time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan, Verdict
from routing.pricing.arrival import arrival, days, span
from routing.pricing.offers import Offer
from routing.rules.base import Rule


@dataclass(frozen=True, slots=True)
class DeliverBy(Rule):
    """Only what arrives by the order's own `deliver_by`, and within `days` of the decision if given."""

    name: ClassVar[str] = "deliver_by"
    days: Decimal | None = None

    def __post_init__(self) -> None:
        if self.days is not None and not self.days > 0:
            raise RoutingInputError("deliver_by: days must be positive")

    def refuses(self, offer: Offer, case: Case) -> Verdict | None:
        """Keep out what arrives too late; the numbers are days from now."""
        limit = self._limit(case)
        arrives = arrival(offer, case.now)
        if limit is None or arrives <= limit:
            return None
        late, allowed = float(days(arrives - case.now)), float(days(limit - case.now))
        return Verdict(offer.location.id, "excluded", "deliver_by", late, allowed)

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Compare every shipment's arrival with both limits."""
        for shipment in plan.shipments:
            arrives = arrival(shipment, case.now)
            late = case.order.deliver_by is not None and arrives > case.order.deliver_by
            if late or (self.days is not None and arrives - case.now > span(self.days)):
                return f"the shipment from {shipment.location_id} arrives {arrives.isoformat()}, too late"
        return None

    def _limit(self, case: Case) -> datetime | None:
        limits = [] if case.order.deliver_by is None else [case.order.deliver_by]
        if self.days is not None:
            limits.append(case.now + span(self.days))
        return min(limits, default=None)
