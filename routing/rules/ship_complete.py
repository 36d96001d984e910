"""All or nothing."""

from dataclasses import dataclass, replace
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan
from routing.model.order import RoutingOrder
from routing.rules.base import Rule
from routing.search.shape import Shape


@dataclass(frozen=True, slots=True)
class ShipComplete(Rule):
    """The order ships when every unit of it does; until then all of it waits."""

    name: ClassVar[str] = "ship_complete"

    def shape(self, shape: Shape, order: RoutingOrder) -> Shape:
        """Ask for all or nothing."""
        return replace(shape, ship_complete=True)

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Look for a plan that sends some and keeps some."""
        return "some units ship and some wait" if plan.shipments and plan.backorders else None
