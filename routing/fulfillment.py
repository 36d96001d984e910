"""What routing answers: shipments, backorders, and the record that proves and explains them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Outcome = Literal["chosen", "dearer", "excluded"]
Rule = Literal[
    "excluded_by_policy",  # the policy names it in exclude_locations
    "not_included",  # the policy has include_locations and it is not among them
    "capacity",  # no unit or order more today; number is what is left
    "no_stock",  # nothing of what is asked; number is the units it has
    "not_served",  # no service reaches that far; number is km, threshold the longest reach
    "more_backorders",  # using it would, under max_shipments, leave more units behind
    "search_limit",  # its best plan was not found in time; extra_cost_at_least still holds
]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Units of one order line in one shipment."""

    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one location sends, by which service, at what exact cost in minor units."""

    location_id: str
    service: str
    lines: tuple[PlannedLine, ...]
    handling: Fraction
    shipping: Fraction
    transit_days: Decimal
    km: float

    @property
    def total(self) -> Fraction:
        """Handling and shipping together."""
        return self.handling + self.shipping


@dataclass(frozen=True, slots=True)
class Backorder:
    """Units of one order line that cannot ship."""

    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """How good the plan is, and how we know.

    `lower_bound` holds for every plan with no more backorders than this one. `optimal` means that
    no plan has fewer backordered units, nor as few at a lower objective.
    """

    optimal: bool
    lower_bound: Fraction
    gap: Fraction
    nodes: int
    seconds: float
    engine_version: str
    input_hash: str
    policy_name: str
    policy_version: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a location ships or does not.

    A dearer location's `extra_cost` is the objective of the best plan that ships at least one
    unit from it, with equally few backorders, less the plan's. `extra_cost_at_least` is a proven
    floor of that number, given where the number itself is not known.
    """

    location_id: str
    outcome: Outcome
    rule: Rule | None = None
    number: float | None = None
    threshold: float | None = None
    extra_cost: Fraction | None = None
    extra_cost_at_least: Fraction | None = None


@dataclass(frozen=True, slots=True)
class FulfillmentPlan:
    """The decision. The objective adds the policy's penalties and prices to the cost."""

    planned_at: datetime
    shipments: tuple[Shipment, ...]
    backorders: tuple[Backorder, ...]
    objective: Fraction
    certificate: Certificate
    verdicts: tuple[Verdict, ...] = ()
    unsplit_cost: Fraction | None = None

    @property
    def cost(self) -> Fraction:
        """What the shipments cost together."""
        return sum((shipment.total for shipment in self.shipments), Fraction(0))


def round_half_up(amount: Fraction | Decimal) -> int:
    """Whole minor units; a half goes up."""
    return int((Fraction(amount) + Fraction(1, 2)).__floor__())
