"""Products that are never split, and groups of lines that travel together."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan
from routing.model.order import RoutingOrder
from routing.rules.base import Rule
from routing.rules.products import Products
from routing.search.shape import Shape

NO_PRODUCTS = Products()


@dataclass(frozen=True, slots=True)
class KeepTogether(Rule):
    """All units of each product named leave in one shipment, or wait together.

    With `groups`, so do all lines that the order gives one `keep_together` name.
    """

    name: ClassVar[str] = "keep_together"
    products: Products = NO_PRODUCTS
    groups: bool = True

    def shape(self, shape: Shape, order: RoutingOrder) -> Shape:
        """Bundle the lines."""
        for line_ids in self._wholes(order):
            shape = replace(shape, bundles=shape.together(line_ids))
        return shape

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Count the parts, of shipments and of what waits, that hold units of each bundle."""
        held = [{line.line_id for line in shipment.lines} for shipment in plan.shipments]
        held.append({line.line_id for line in plan.backorders})
        for line_ids in self._wholes(case.order):
            if sum(1 for part in held if part & line_ids) > 1:
                return f"lines {', '.join(sorted(line_ids))} do not travel together"
        return None

    def _wholes(self, order: RoutingOrder) -> list[frozenset[str]]:
        bundles: dict[tuple[str, str], set[str]] = defaultdict(set)
        for line in order.lines:
            if line in self.products:
                bundles["product", line.sku].add(line.line_id)
            if self.groups and line.keep_together is not None:
                bundles["group", line.keep_together].add(line.line_id)
        return [frozenset(line_ids) for line_ids in bundles.values()]
