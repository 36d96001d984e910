"""What routing answers: shipments, backorders, and the record that proves and explains them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

Outcome = Literal["chosen", "dearer", "excluded"]
Proof = Literal["search", "highs"]
Kind = Literal["price", "stock", "distance", "capacity"]
Rule = Literal[
    "excluded_by_policy",  # a rule of the policy excludes it
    "not_included",  # a rule of the policy includes others, not this one
    "offline",  # it is switched off
    "cool_off",  # it rests after failing; number is the hours left
    "method",  # it does not offer the order's delivery method
    "region",  # it does not send to that country, region or postal code
    "flags",  # it may handle nothing of what it has; number is those units
    "services",  # it offers none of the services; threshold is how many there are
    "no_transfer",  # it brings nothing to the store where the order is collected
    "never_open",  # it and the carrier have no day in common for more than a year
    "too_heavy",  # no service takes even its lightest unit; grams and the heaviest break
    "capacity",  # no unit or order more today; number is what is left
    "no_stock",  # nothing of what is asked; number is the units it has
    "not_served",  # no service reaches that far; number is km, threshold the longest reach
    "ring_fence",  # all it has is kept for others; number is the units it has
    "not_whole",  # it has too little, or can take too little, of what has to travel whole
    "max_distance",  # the policy's; number and threshold are km
    "max_rejects",  # it failed this order; number and threshold are times
    "cutoff",  # it would not leave today; number is the days it would wait
    "deliver_by",  # it would arrive too late; number and threshold are days from now
    "more_backorders",  # no plan within the rules uses it without leaving more units behind
    "search_limit",  # its best plan was not found in time; extra_cost_at_least still holds
]

NEVER_SERVES: Final[frozenset[Rule | None]] = frozenset(
    {
        "not_served",
        "excluded_by_policy",
        "not_included",
        "method",
        "region",
        "flags",
        "services",
        "no_transfer",
        "never_open",
        "too_heavy",
        "max_distance",
        "max_rejects",
        "deliver_by",
    }
)
"""What keeps a location out of an order for good, whatever stock or capacity it gets."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Units of one order line in one shipment."""

    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one location sends, by which service and when (UTC), at what exact cost in minor units."""

    location_id: str
    service: str
    lines: tuple[PlannedLine, ...]
    handling: Fraction
    shipping: Fraction
    transit_days: Decimal
    km: float
    ship_by: datetime | None = None
    deliver_by: datetime | None = None

    @property
    def total(self) -> Fraction:
        """Handling and shipping together."""
        return self.handling + self.shipping


@dataclass(frozen=True, slots=True)
class Backorder:
    """Units of one order line that cannot ship; the last of them comes at `expected_at`, if that is known."""

    line_id: str
    sku: str
    quantity: int
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """How good the plan is, and how we know.

    `lower_bound` holds for every plan with no more backorders than this one. `optimal` means that
    no plan has fewer backordered units, nor as few at a lower objective. `proof` names what rules
    the others out: the search, in exact numbers, or HiGHS, within its tolerance.
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
    proof: Proof = "search"


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change of one kind, all else as it is, with which a location would have shipped.

    `price`: handling a shipment there costs more than `by` less, in minor units.
    `stock`: it has `by` more units of `sku`, `to` in all. `capacity`: it may ship `by` units or
    orders more, `to` in all. `distance`: it is `by` km nearer, `to` km away.
    """

    kind: Kind
    by: Fraction | float
    to: float | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a location ships or does not.

    A dearer location's `extra_cost` is the objective of the best plan that ships at least one
    unit from it, with equally few backorders, less the plan's. `extra_cost_at_least` is a proven
    floor of that number, given where the number itself is not known. `changes` are what would have
    made the location ship, None where nobody looked; kinds that nobody had time for are `unsought`.
    """

    location_id: str
    outcome: Outcome
    rule: Rule | None = None
    number: float | None = None
    threshold: float | None = None
    extra_cost: Fraction | None = None
    extra_cost_at_least: Fraction | None = None
    changes: tuple[Change, ...] | None = None
    unsought: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class FulfillmentPlan:
    """The decision. The objective adds the policy's penalties and prices to the cost.

    `relaxed` names the soft rules that were given up, in that order.
    """

    planned_at: datetime
    shipments: tuple[Shipment, ...]
    backorders: tuple[Backorder, ...]
    objective: Fraction
    certificate: Certificate
    verdicts: tuple[Verdict, ...] = ()
    unsplit_cost: Fraction | None = None
    relaxed: tuple[str, ...] = ()

    @property
    def cost(self) -> Fraction:
        """What the shipments cost together."""
        return sum((shipment.total for shipment in self.shipments), Fraction(0))


def round_half_up(amount: Fraction | Decimal) -> int:
    """Whole minor units; a half goes up."""
    return int((Fraction(amount) + Fraction(1, 2)).__floor__())
