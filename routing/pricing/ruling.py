"""What a policy's rules say of each location and its offers; a rule is asked only what it speaks of."""

from dataclasses import replace

from routing.model.case import Case
from routing.model.fulfillment import Verdict
from routing.model.network import RoutingLocation
from routing.model.policy import Policy
from routing.pricing.offers import Offer
from routing.rules import Rule


class Ruling:
    """The rules of a policy, sorted by what they can forbid."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self._case = case
        self._lines = case.order.lines
        self._excluding = [rule for rule in policy.rules if type(rule).excludes is not Rule.excludes]
        self._refusing = [rule for rule in policy.rules if type(rule).refuses is not Rule.refuses]
        self._fencing = [rule for rule in policy.rules if type(rule).supply is not Rule.supply]
        self._reserving = [rule for rule in policy.rules if type(rule).capacity is not Rule.capacity]

    def keeps_out(self, place: RoutingLocation) -> Verdict | None:
        """Name the first rule that keeps a location out, in the order of the policy."""
        for rule in self._excluding:
            if verdict := rule.excludes(place, self._case):
                return verdict
        return None

    @property
    def judges_offers(self) -> bool:
        """Whether any rule speaks of services: where none does, no offer needs asking."""
        return bool(self._refusing)

    @property
    def keeps_stock(self) -> bool:
        """Whether any rule keeps units of a product at a location."""
        return bool(self._fencing)

    def refuses(self, offer: Offer) -> Verdict | None:
        """Name the first rule that a service of a location breaks."""
        for rule in self._refusing:
            if verdict := rule.refuses(offer, self._case):
                return verdict
        return None

    def with_free_capacity(self, place: RoutingLocation) -> RoutingLocation:
        """Return the location with as much of its capacity as the strictest rule lets it use."""
        left = place.capacity
        if left is None or not self._reserving:
            return place
        return replace(place, capacity=min(rule.capacity(place, left) for rule in self._reserving))

    def available(self, place: RoutingLocation, stock: dict[str, int]) -> dict[str, int]:
        """What of a location's stock, by sku, the strictest rule lets it give; nothing is left out."""
        if not self._fencing:
            return stock
        given = dict(stock)
        for line in self._lines:
            units = stock.get(line.sku, 0)
            for rule in self._fencing if units else ():
                given[line.sku] = min(given[line.sku], rule.supply(place, line, units))
        return {sku: units for sku, units in given.items() if units > 0}
