"""What every other location would have cost: the best plan that is forced to use it.

Forcing a location means pinning one unit of one demand to it. So its best plan is the cheapest
over its options and demands, each searched like the first time with that unit already placed. The
dual bound says beforehand how cheap each can at best be: most pins are settled by it, and the
others are searched over the few options that can still matter. All searches share a node budget;
where it ends, the verdict gives the proven floor instead of a number.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from routing.dual import Bound
from routing.fill import exact_total
from routing.fulfillment import Verdict
from routing.instance import Instance, Option
from routing.search import Search
from routing.solve import Solution

EXPLAIN_NODES = 200_000  # nodes for all locations together


@dataclass(frozen=True, slots=True)
class _Pin:
    """One unit of one demand placed at one option, and the least that any such plan totals."""

    at_least: int
    option: Option
    instance: Instance


class Forcing:
    """Prices the locations that the best plan does without, one by one."""

    def __init__(self, instance: Instance, solution: Solution, budget: int = EXPLAIN_NODES) -> None:
        self._instance = instance
        self._solution = solution
        self._budget = budget
        self._left_behind = instance.left_behind(solution.total)
        self._objective = instance.money(solution.total)
        lifts = solution.bound.lifts
        self._by_lift = sorted(range(len(lifts)), key=lambda at: (lifts[at], at))
        self._sorted_lifts = [lifts[at] for at in self._by_lift]
        self._options_of: dict[int, list[int]] = {}
        for at, option in enumerate(instance.options):
            self._options_of.setdefault(option.location, []).append(at)

    def verdict(self, location: int, location_id: str) -> Verdict:
        """What the best plan that ships from this location costs above the best plan."""
        if not self._solution.optimal:
            return Verdict(location_id, "dearer", "search_limit")
        pins = self._pins(location)
        worst = self._instance.worst_total(self._left_behind)
        best = min([worst, *(self._adapted(pin) for pin in pins)])
        for pin in pins:
            if pin.at_least >= best:
                break
            if self._budget <= 0:
                return self._floor(location_id, pin, best)
            best, complete = self._searched(pin, best)
            if not complete:
                return self._floor(location_id, pin, best)
        if best >= worst:
            return Verdict(location_id, "dearer", "more_backorders")
        extra = self._instance.money(best) - self._objective
        return Verdict(location_id, "dearer", extra_cost=extra, extra_cost_at_least=extra)

    def _pins(self, location: int) -> list[_Pin]:
        """Every way to place a unit here, the cheapest bound first."""
        bound = self._solution.bound
        pins = []
        for at in self._options_of[location]:
            option = self._instance.options[at]
            for demand, units in enumerate(option.supply):
                if units:
                    above = option.unit_costs[demand] - bound.prices[demand]
                    least = bound.base + bound.lifts[at] + max(0, above)
                    pins.append(_pin(option, demand, self._instance, least))
        pins.sort(key=lambda pin: pin.at_least)
        return pins

    def _adapted(self, pin: _Pin) -> int:
        """Total of the best plan with the pinned unit added and shipments it spares taken out."""
        others = [o for o in self._solution.taken if o.location != pin.option.location]
        plan = [pin.option, *others]
        slots = self._instance.max_shipments
        if len(plan) > slots:
            plan = min(
                ([*plan[:at], *plan[at + 1 :]] for at in range(1, len(plan))),
                key=lambda trial: exact_total(trial, pin.instance, 1 << 4096),
                default=plan,
            )
        total = exact_total(plan, pin.instance, 1 << 4096)
        for other in others:
            trial = [option for option in plan if option is not other]
            if (cost := exact_total(trial, pin.instance, total)) < total:
                plan, total = trial, cost
        return total

    def _searched(self, pin: _Pin, below: int) -> tuple[int, bool]:
        reach = bisect_left(self._sorted_lifts, below - pin.at_least)
        places = sorted(self._by_lift[:reach])
        options = self._instance.options
        kept = [at for at in places if options[at].location != pin.option.location]
        lifts = tuple(self._solution.bound.lifts[at] for at in kept)
        bound = Bound(pin.at_least, lifts, self._solution.bound.prices)
        search = Search(pin.instance, below=below, node_limit=self._budget)
        found = search.run([options[at] for at in kept], bound, (pin.option,))
        self._budget -= found.nodes + 1
        return found.total, found.complete

    def _floor(self, location_id: str, pin: _Pin, best: int) -> Verdict:
        least = min(pin.at_least, best) - self._left_behind * self._instance.backorder_price
        floor = max(Fraction(0), self._instance.scale.money_at_least(least) - self._objective)
        return Verdict(location_id, "dearer", "search_limit", extra_cost_at_least=floor)


def dearer_verdicts(
    instance: Instance, solution: Solution, candidate_ids: Sequence[str], shipping: set[str]
) -> list[Verdict]:
    """A verdict for every candidate that does not ship; ids stand as the instance numbers them."""
    forcing = Forcing(instance, solution)
    return [
        forcing.verdict(at, location_id)
        for at, location_id in enumerate(candidate_ids)
        if location_id not in shipping
    ]


def unsplit_cost(instance: Instance, solution: Solution) -> Fraction | None:
    """Objective of the best plan of one shipment that leaves no more units behind, if any does."""
    left_behind = instance.left_behind(solution.total)
    wanted = sum(instance.quantities) - left_behind
    worst = best = instance.worst_total(left_behind)
    for option in instance.options:
        if sum(option.supply) >= wanted > 0:
            best = min(best, exact_total([option], instance, best))
    return instance.money(best) if best < worst else None


def _pin(option: Option, demand: int, instance: Instance, at_least: int) -> _Pin:
    pools = tuple(pool - (demand in group) for group, pool in zip(instance.groups, option.pools, strict=True))
    pinned = replace(
        option,
        fixed=option.fixed + option.unit_costs[demand],
        supply=_one_less(option.supply, demand),
        cap=None if option.cap is None else option.cap - 1,
        pools=pools,
    )
    rest = replace(instance, quantities=_one_less(instance.quantities, demand))
    return _Pin(at_least, pinned, rest)


def _one_less(units: Sequence[int], demand: int) -> tuple[int, ...]:
    return (*units[:demand], units[demand] - 1, *units[demand + 1 :])
