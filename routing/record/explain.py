"""What every other location would have cost: the best plan that is forced to use it.

Each is searched like the plan itself, with the location held from the start and a unit pinned to
it. The dual bound says beforehand how cheap that can at best be, and the plan with the location
added how dear at worst; in between the search has only the options that can still matter. All
searches share one budget of work, and the nearest rivals go first; where it ends, the verdict
gives the proven floor, not a number.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from routing.model.fulfillment import Verdict
from routing.search.depth_first import Found, Search
from routing.search.distribute import TooTangledError
from routing.search.dual import Bound
from routing.search.instance import Instance, Option
from routing.search.pin import Pin, cheapest_pinned, pinned_loads, pins_of
from routing.search.solve import Solution

EXPLAIN_WORK = 30_000  # for all locations together: nodes, and options looked at by each search
WORK_PER_SEARCH = 10


@dataclass(frozen=True, slots=True)
class _Forced:
    """An option held by force, the ways to do so, and the least that any such plan totals."""

    at_least: int
    option: Option
    pins: tuple[Pin, ...]


class Forcing:
    """Prices the locations that the best plan does without, one by one."""

    def __init__(self, instance: Instance, solution: Solution, budget: int = EXPLAIN_WORK) -> None:
        self._instance = instance
        self._solution = solution
        self._budget = budget
        self._left_behind = instance.left_behind(solution.total) if instance.refusal is None else 0
        self._hopeless = instance.ceiling
        self._objective = instance.money(solution.total)
        lifts = solution.bound.lifts
        self._by_lift = sorted(range(len(lifts)), key=lambda at: (lifts[at], at))
        self._sorted_lifts = [lifts[at] for at in self._by_lift]
        self._options_of: dict[int, list[int]] = {}
        for at, option in enumerate(instance.options):
            self._options_of.setdefault(option.location, []).append(at)

    def verdict(self, location: int, location_id: str) -> Verdict:
        """What the best plan that ships from this location costs above the best plan."""
        if location not in self._options_of:
            return Verdict(location_id, "excluded", "not_whole")
        if not self._solution.optimal:
            return Verdict(location_id, "dearer", "search_limit")
        ways = self._ways(location)
        worst = self._instance.worst_total(self._left_behind)
        best = min([worst, *(self._adapted(way) for way in ways)])
        for way in ways:
            if way.at_least >= best:
                break
            found = self._searched(way, best)
            if found is None or not found.complete:
                return self._floor(location_id, min(way.at_least, found.total if found else best))
            best = found.total
        if best >= worst:
            return Verdict(location_id, "dearer", "more_backorders")
        extra = self._instance.money(best) - self._objective
        return Verdict(location_id, "dearer", extra_cost=extra, extra_cost_at_least=extra)

    def plan(self, location: int) -> Solution | None:
        """The best plan that ships from this location with no more backorders; None if none was found."""
        best, complete = self._instance.worst_total(self._left_behind), True
        taken: tuple[Option, ...] | None = None
        pins: tuple[Pin, ...] = ()
        for way in self._ways(location):
            if way.at_least >= best:
                break
            found = self._searched(way, best)
            complete = complete and found is not None and found.complete
            if found is not None and found.taken is not None:
                best, taken, pins = found.total, found.taken, way.pins
        if taken is None:
            return None
        floor = best if complete else min(best, self.at_least(location))
        loads = pinned_loads(pins, taken)
        return replace(self._solution, taken=taken, loads=loads, total=best, at_least=floor, optimal=complete)

    def at_least(self, location: int) -> int:
        """How cheap the best plan with this location can be, by the dual bound."""
        bound = self._solution.bound
        if location not in self._options_of:
            return bound.base
        return bound.base + min(bound.lifts[at] for at in self._options_of[location])

    def _ways(self, location: int) -> list[_Forced]:
        """The location's options, the cheapest bound first."""
        bound = self._solution.bound
        ways = []
        for at in self._options_of.get(location, ()):
            option = self._instance.options[at]
            above = [
                cost - price
                for cost, price, units in zip(option.unit_costs, bound.prices, option.supply, strict=True)
                if units
            ]
            least = bound.base + bound.lifts[at] + max(0, min(above))
            ways.append(_Forced(least, option, pins_of(option, self._instance)))
        ways.sort(key=lambda way: way.at_least)
        return ways

    def _adapted(self, way: _Forced) -> int:
        """Total of the best plan with the option added and shipments it spares taken out."""
        others = [o for o in self._solution.taken if o.location != way.option.location]
        if len(others) >= self._instance.max_shipments:
            fewer = [[*others[:at], *others[at + 1 :]] for at in range(len(others))]
            others = min(fewer, key=lambda left: self._pinned(way, left, self._hopeless))
        total = self._pinned(way, others, self._hopeless)
        for spared in tuple(others):
            left = [option for option in others if option is not spared]
            if (cost := self._pinned(way, left, total)) < total:
                others, total = left, cost
        return total

    def _pinned(self, way: _Forced, others: Sequence[Option], below: int) -> int:
        try:
            return cheapest_pinned(way.pins, others, below)
        except TooTangledError:
            return below

    def _searched(self, way: _Forced, below: int) -> Found | None:
        if self._budget <= 0:
            return None
        reach = bisect_left(self._sorted_lifts, below - way.at_least)
        places = sorted(self._by_lift[:reach])
        options, bound = self._instance.options, self._solution.bound
        kept = [at for at in places if options[at].location != way.option.location]
        lifts = tuple(bound.lifts[at] for at in kept)
        search = Search(self._instance, below=below, node_limit=self._budget, pins=way.pins)
        found = search.run(
            [options[at] for at in kept],
            Bound(way.at_least, lifts, bound.prices),
            (way.option,),
        )
        self._budget -= found.nodes + len(kept) + WORK_PER_SEARCH
        return found

    def _floor(self, location_id: str, at_least: int) -> Verdict:
        least = at_least - self._left_behind * self._instance.backorder_price
        floor = max(Fraction(0), self._instance.scale.money_at_least(least) - self._objective)
        return Verdict(location_id, "dearer", "search_limit", extra_cost_at_least=floor)


def dearer_verdicts(
    instance: Instance, solution: Solution, candidate_ids: Sequence[str], shipping: set[str]
) -> list[Verdict]:
    """A verdict for every candidate that does not ship; ids stand as the instance numbers them."""
    forcing = Forcing(instance, solution)
    idle = [at for at, location_id in enumerate(candidate_ids) if location_id not in shipping]
    idle.sort(key=lambda at: (forcing.at_least(at), at))
    return [forcing.verdict(at, candidate_ids[at]) for at in idle]


def unsplit_cost(instance: Instance, solution: Solution) -> Fraction | None:
    """Objective of the best plan of one shipment that leaves no more units behind, if any does."""
    left_behind = instance.left_behind(solution.total)
    worst = best = instance.worst_total(left_behind)
    wanted = instance.nothing - left_behind * instance.backorder_price if instance.backorder_price else 1
    for option in instance.options:
        if sum(map(int.__mul__, option.supply, instance.waits)) >= wanted > 0:
            best = min(best, _alone(option, instance, best))
    return instance.money(best) if best < worst else None


def _alone(option: Option, instance: Instance, below: int) -> int:
    try:
        return cheapest_pinned(pins_of(option, instance), (), below)
    except TooTangledError:
        return below
