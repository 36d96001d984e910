"""How to choose: the rules to keep and the terms to weigh, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from routing.errors import RoutingInputError
from routing.model.order import RoutingOrder
from routing.model.rates import check_cost
from routing.rules import Locations, Places, Rule
from routing.search.shape import Shape
from routing.terms import Handling, Shipping, Term

COST: tuple[Term, ...] = (Shipping(), Handling())


@dataclass(frozen=True, slots=True)
class Policy:
    """A routing policy. Money is minor units.

    Soft rules are given up in the order in which they stand. The objective is the sum of the terms
    and of `opportunity_price`: what a unit of (sku, location id) would be worth to a later order. A
    unit left behind costs `backorder_penalty`; None outweighs all cost.
    """

    name: str
    version: int = 1
    rules: tuple[Rule, ...] = ()
    terms: tuple[Term, ...] = COST
    opportunity_price: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    backorder_penalty: Decimal | None = None

    def __post_init__(self) -> None:
        if not all(price.is_finite() for price in self.opportunity_price.values()):
            raise RoutingInputError(f"policy {self.name}: opportunity prices must be finite")
        if self.backorder_penalty is not None:
            check_cost(self.backorder_penalty, f"policy {self.name}: backorder_penalty")

    def shape(self, order: RoutingOrder) -> Shape:
        """Return the structure that all rules together ask of a plan for this order."""
        shape = Shape(backorder_penalty=self.backorder_penalty)
        for rule in self.rules:
            shape = rule.shape(shape, order)
        return shape

    def never(self, location_ids: Iterable[str]) -> "Policy":
        """Return the policy without these locations."""
        ids = frozenset(location_ids)
        return replace(self, rules=(Locations(exclude=Places(ids)), *self.rules)) if ids else self

    def only(self, location_ids: Iterable[str]) -> "Policy":
        """Return the policy for these locations alone, whichever its own rules include."""
        others = (replace(one, include=None) if isinstance(one, Locations) else one for one in self.rules)
        return replace(self, rules=(Locations(include=Places(frozenset(location_ids))), *others))
