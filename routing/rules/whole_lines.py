"""Lines are not split."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan
from routing.model.order import RoutingOrder
from routing.rules.base import Rule
from routing.search.shape import Shape


@dataclass(frozen=True, slots=True)
class WholeLines(Rule):
    """Every line leaves whole in one shipment, or waits whole."""

    name: ClassVar[str] = "whole_lines"

    def shape(self, shape: Shape, order: RoutingOrder) -> Shape:
        """Bundle each line by itself."""
        for line in order.lines:
            shape = replace(shape, bundles=shape.together(frozenset({line.line_id})))
        return shape

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Count the places where each line is."""
        found = Counter(line.line_id for line in plan.backorders)
        for shipment in plan.shipments:
            found.update({line.line_id for line in shipment.lines})
        split = sorted(line_id for line_id, times in found.items() if times > 1)
        return f"line {split[0]} is split" if split else None
