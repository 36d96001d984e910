"""What a rule can do, and what it does where it says nothing."""

from dataclasses import dataclass
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan, Verdict
from routing.model.network import RoutingLocation
from routing.model.order import RoutingLine, RoutingOrder
from routing.pricing.offers import Offer
from routing.search.shape import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A constraint of a policy; a soft one is given up where units would otherwise wait for it alone."""

    name: ClassVar[str]
    soft: bool = False

    def excludes(self, place: RoutingLocation, case: Case) -> Verdict | None:
        """Say why a location may not ship the order at all, or None."""
        return None

    def refuses(self, offer: Offer, case: Case) -> Verdict | None:
        """Say why a location may not ship the order by this service, or None."""
        return None

    def supply(self, place: RoutingLocation, line: RoutingLine, units: int) -> int:
        """How many of the units that a location has of a line's product it may give."""
        return units

    def capacity(self, place: RoutingLocation, left: int) -> int:
        """How much of the capacity that a location has left the order may take."""
        return left

    def shape(self, shape: Shape, order: RoutingOrder) -> Shape:
        """Narrow the structure that the plan must have."""
        return shape

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Say how a finished plan breaks the rule, in arithmetic of its own, or None."""
        raise NotImplementedError
