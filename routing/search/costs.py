"""What the policy's terms make of each offer, in whole numbers: one common unit for every price.

Freight is priced once for each band and handling once for each price of it. Whatever else a policy
weighs is asked of each offer, and only for what it can add.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from routing.model.case import Case
from routing.model.policy import Policy
from routing.pricing.filters import Candidate
from routing.pricing.freight import Freight
from routing.pricing.offers import Offer
from routing.search.demands import Demand
from routing.search.instance import Row, Scale
from routing.terms import Handling, Shipping, Term

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Leg:
    """A straight piece of a freight: per shipment, and by demand per piece; and the weights it is for.

    Where it `rises`, it is nowhere cheaper than the pieces for lighter loads: then it need not be
    said that it is for heavier ones only.
    """

    fixed: int
    each: tuple[int, ...]
    row: Row | None = None
    above: Row | None = None
    rises: bool = True


class Costs:
    """Prices of one order, as multiples of a unit that makes all of them whole."""

    def __init__(
        self, case: Case, policy: Policy, demands: Sequence[Demand], candidates: Sequence[Candidate]
    ) -> None:
        self._case = case
        self._demands = demands
        self._freight = _weight(policy, Shipping)
        self._handling = _weight(policy, Handling)
        self._worth = policy.opportunity_price
        others = [
            (Fraction(term.weight), term)
            for term in policy.terms
            if not isinstance(term, (Shipping, Handling))
        ]
        self._by_shipment = [pair for pair in others if type(pair[1]).per_shipment is not Term.per_shipment]
        self._by_unit = [pair for pair in others if type(pair[1]).per_unit is not Term.per_unit]
        self._steering = self._steer(candidates) if others else {}
        rank = len(candidates) + 1
        self._scale = self._common_unit(candidates, policy) * rank
        self.scale = Scale(self._scale, rank)
        self._legs: dict[int, tuple[Leg, ...]] = {}
        self._handled: dict[Decimal, int] = {}

    def legs(self, offer: Offer) -> tuple[Leg, ...]:
        """The straight pieces of an offer's freight, the lightest first."""
        known = self._legs.get(id(offer.freight))
        if known is None:
            known = self._legs[id(offer.freight)] = tuple(self._straight(offer.freight))
        return known

    def handling(self, candidate: Candidate) -> tuple[int, int]:
        """What picking and packing costs per shipment and per unit."""
        place = candidate.location
        return self._handle(place.handling_cost), self._handle(place.handling_per_unit)

    def worth(self, location_id: str) -> tuple[int, ...] | None:
        """By demand, what the pieces would be worth to later orders; None where nothing has a price."""
        if not self._worth:
            return None
        prices = self._worth
        return tuple(
            sum(units * self.whole(prices.get((sku, location_id), Decimal(0))) for sku, units in demand.needs)
            for demand in self._demands
        )

    def steering(self, offer: Offer) -> tuple[int, tuple[int, ...]] | None:
        """What all other terms add to an offer, per shipment and by demand; None where there are none."""
        known = self._steering.get(id(offer))
        return None if known is None else (self.whole(known[0]), tuple(map(self.whole, known[1])))

    def whole(self, price: Decimal | Fraction) -> int:
        """A price in the common unit."""
        numerator, denominator = price.as_integer_ratio()
        return numerator * (self._scale // denominator)

    def _handle(self, price: Decimal) -> int:
        known = self._handled.get(price)
        if known is None:
            known = self._handled[price] = self.whole(Fraction(price) * self._handling)
        return known

    def _straight(self, freight: Freight) -> list[Leg]:
        fixed = self.whole(freight.fixed * self._freight)
        each = tuple(self.whole(demand.price(freight.per_unit) * self._freight) for demand in self._demands)
        if not freight.breaks:
            return [Leg(fixed, each)]
        grams = tuple(demand.amount(freight.billable_g) for demand in self._demands)
        lowest = -1
        legs = []
        for step in freight.breaks:
            per_gram = self.whole(step.per_gram * self._freight)
            legs.append(
                Leg(
                    fixed=fixed + self.whole(step.fixed * self._freight),
                    each=tuple(unit + per_gram * weight for unit, weight in zip(each, grams, strict=True)),
                    row=Row(step.max_g, grams),
                    above=Row(lowest, grams) if lowest >= 0 else None,
                    rises=_rises(freight, step.max_g),
                )
            )
            lowest = step.max_g
        return legs

    def _steer(self, candidates: Sequence[Candidate]) -> dict[int, tuple[Fraction, tuple[Fraction, ...]]]:
        lines = self._case.order.lines
        found = {}
        for offer in (offer for one in candidates for offer in one.offers):
            fixed = sum((w * one.per_shipment(offer, self._case) for w, one in self._by_shipment), NOTHING)
            by_line = [
                sum((w * one.per_unit(offer, line, self._case) for w, one in self._by_unit), NOTHING)
                for line in lines
            ]
            found[id(offer)] = fixed, tuple(demand.price(by_line) for demand in self._demands)
        return found

    def _common_unit(self, candidates: Sequence[Candidate], policy: Policy) -> int:
        """Find the smallest number that makes every price whole when multiplied."""
        freights = {id(offer.freight): offer.freight for one in candidates for offer in one.offers}
        handling = {one.location.handling_cost for one in candidates}
        handling.update(one.location.handling_per_unit for one in candidates)
        found = {(price * self._freight).denominator for one in freights.values() for price in _prices(one)}
        found.update((Fraction(price) * self._handling).denominator for price in handling)
        found.update(price.as_integer_ratio()[1] for price in self._worth.values())
        found.update(price.denominator for fixed, each in self._steering.values() for price in (fixed, *each))
        if policy.backorder_penalty is not None:
            found.add(policy.backorder_penalty.as_integer_ratio()[1])
        return math.lcm(*found)


def _weight(policy: Policy, kind: type[Term]) -> Fraction:
    return sum((Fraction(term.weight) for term in policy.terms if isinstance(term, kind)), NOTHING)


def _prices(freight: Freight) -> list[Fraction]:
    steps = [price for step in freight.breaks for price in (step.fixed, step.per_gram)]
    return [freight.fixed, *freight.per_unit, *steps]


def _rises(freight: Freight, max_g: int) -> bool:
    """Whether the break up to max_g is nowhere cheaper than the lighter ones, where those apply."""
    at = next(step for step in freight.breaks if step.max_g == max_g)
    lowest = 0
    for step in freight.breaks:
        if step.max_g >= max_g:
            break
        for grams in (lowest, step.max_g):
            if at.fixed + at.per_gram * grams < step.fixed + step.per_gram * grams:
                return False
        lowest = step.max_g
    return True
