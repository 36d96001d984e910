"""No split of an order, nor into parts, that is worth too little."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Backorder, FulfillmentPlan, PlannedLine
from routing.model.order import RoutingOrder
from routing.model.rates import check_cost
from routing.rules.base import Rule
from routing.search.shape import Shape


@dataclass(frozen=True, slots=True)
class NoSplitBelow(Rule):
    """An order worth less than `order_value` ships whole from one location, or waits whole.

    A richer one may be split, but every shipment, and what is left to wait, is worth at least
    `part_value`. Values are minor units, of the goods.
    """

    name: ClassVar[str] = "no_split_below"
    order_value: Decimal = Decimal(0)
    part_value: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        check_cost(self.order_value, "no_split_below: order_value")
        check_cost(self.part_value, "no_split_below: part_value")

    def shape(self, shape: Shape, order: RoutingOrder) -> Shape:
        """Forbid the split, or say what the least part is."""
        if sum(line.quantity * line.value for line in order.lines) < self.order_value:
            return replace(shape, max_shipments=1, ship_complete=True)
        if not self.part_value:
            return shape
        values = {line.line_id: line.value for line in order.lines}
        least = max(self.part_value, shape.min_part_value)
        return replace(shape, min_part_value=least, value_by_line=values)

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Add up what each part is worth."""
        parts = [self._worth(shipment.lines, case) for shipment in plan.shipments]
        if plan.backorders:
            parts.append(self._worth(plan.backorders, case))
        if len(parts) == 1:
            return None
        if sum(parts) < self.order_value:
            return f"an order worth {sum(parts)} is split, and may not be below {self.order_value}"
        if min(parts) < self.part_value:
            return f"a part is worth {min(parts)}, less than {self.part_value}"
        return None

    def _worth(self, lines: Iterable[PlannedLine | Backorder], case: Case) -> Decimal:
        values = {line.line_id: line.value for line in case.order.lines}
        return sum((part.quantity * values[part.line_id] for part in lines), Decimal(0))
