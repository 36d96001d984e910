"""At most so many shipments."""

from dataclasses import dataclass, replace
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan
from routing.model.order import RoutingOrder
from routing.rules.base import Rule
from routing.search.shape import Shape


@dataclass(frozen=True, slots=True)
class MaxShipments(Rule):
    """An order leaves in at most `most` shipments; what they cannot hold waits."""

    name: ClassVar[str] = "max_shipments"
    most: int

    def __post_init__(self) -> None:
        if self.most < 1:
            raise RoutingInputError("max_shipments: most must be at least 1")

    def shape(self, shape: Shape, order: RoutingOrder) -> Shape:
        """Cap the number of shipments."""
        return replace(shape, max_shipments=min(self.most, shape.max_shipments or self.most))

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Count the shipments."""
        sent = len(plan.shipments)
        return f"{sent} shipments, more than {self.most}" if sent > self.most else None
