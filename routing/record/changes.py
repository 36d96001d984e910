"""The smallest single change with which a location would have shipped, found by deciding again.

Each change that comes into question is made to the network, and the whole decision is taken anew: so
what is told is true by trial, whatever rules and terms there are. More stock or more capacity never
makes a location worse, so the fewest units are found by halving; distance works in stretches, between
which only the bands' and the policy's limits lie. All trials share one budget, and the nearest rivals go
first; what it does not reach is told as unsought. A trial that the location alone does not pass costs next to
nothing, however large the network.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Final

from routing.decision import decide
from routing.model.case import Case
from routing.model.fulfillment import Change, FulfillmentPlan, Kind, Verdict
from routing.model.network import Network, RoutingLocation
from routing.planner import NODE_LIMIT
from routing.pricing.distance import largest_within
from routing.pricing.filters import sift
from routing.pricing.market import Market
from routing.pricing.ruling import Ruling
from routing.record.snapshot import Question
from routing.rules import MaxDistance
from routing.terms import Distance, Handling

TRIAL_WORK: Final = 30_000  # for all locations together: locations decided on, and nodes searched
SOLVER_WORK: Final = 1_000  # what a trial costs more where HiGHS has to finish it
_ENDLESS: Final = 10**9
_TENTHS: Final = 10  # a Distance term counts tenths of a kilometre


class _SpentError(Exception):
    """The budget is used up, or a search met its limit: what would be the best is not known."""


def with_changes(plan: FulfillmentPlan, question: Question, *, work: int = TRIAL_WORK) -> FulfillmentPlan:
    """Return an explained plan whose verdicts also tell what would have made each location ship.

    `question` is what the plan answers. A plan that was not proven best is returned as it is.
    """
    if not plan.certificate.optimal or question.must_use is not None:
        return plan
    trials = _Trials(question, work)
    idle = [verdict for verdict in plan.verdicts if verdict.outcome != "chosen"]
    idle.sort(key=trials.rank)
    told = {verdict.location_id: trials.told(verdict) for verdict in idle}
    verdicts = (told.get(verdict.location_id, verdict) for verdict in plan.verdicts)
    return replace(plan, verdicts=tuple(verdicts))


def more_stock(network: Network, location_id: str, sku: str, units: int) -> Network:
    """The network, with so many more units of a product at a location."""
    cell = (location_id, sku)
    return replace(network, stock={**network.stock, cell: max(network.stock.get(cell, 0), 0) + units})


def more_capacity(network: Network, location_id: str, by: int) -> Network:
    """The network, with a location that may ship so many units or orders more."""
    return replace(
        network,
        locations=tuple(
            replace(place, capacity=place.capacity + by)
            if place.id == location_id and place.capacity is not None
            else place
            for place in network.locations
        ),
    )


def at_distance(network: Network, location_id: str, km: float) -> Network:
    """The network, with a location that is so far from the destination."""
    return replace(network, distances={**(network.distances or {}), location_id: km})


def _stocked(location_id: str, sku: str, network: Network, units: int) -> Network:
    return more_stock(network, location_id, sku, units)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Distances between which no limit lies: `far` km at most, more than `near`."""

    far: float
    near: float


class _Trials:
    """Tries changes, one location after the other, as long as the budget lasts."""

    def __init__(self, question: Question, work: int) -> None:
        self._question = question
        self._order, self._network, self._policy = question.order, question.network, question.policy
        self._hard = replace(self._policy, rules=tuple(rule for rule in self._policy.rules if not rule.soft))
        self._ruling = Ruling(self._policy, Case(self._order, self._network, question.now))
        self._market = Market(self._order, self._network, question.now)
        self._places = {place.id: place for place in self._network.locations}
        self._work = work

    def rank(self, verdict: Verdict) -> tuple[bool, object, float, str]:
        """Where a location stands among those that do not ship, the nearest rivals first."""
        extra = verdict.extra_cost if verdict.extra_cost is not None else verdict.extra_cost_at_least
        km = self._market.km(self._places[verdict.location_id])
        return verdict.outcome != "dearer", math.inf if extra is None else extra, km, verdict.location_id

    def told(self, verdict: Verdict) -> Verdict:
        """The verdict with its changes, and the kinds that nobody had time for."""
        place = self._places[verdict.location_id]
        found, unsought = [], []
        kinds: Mapping[Kind, Callable[[RoutingLocation], Change | None]] = {
            "price": partial(self._price, verdict), "stock": self._stock,
            "capacity": self._capacity, "distance": self._distance,
        }  # fmt: skip
        for kind, seek in kinds.items():
            try:
                change = seek(place)
            except _SpentError:
                unsought.append(kind)
                continue
            if change is not None:
                found.append(change)
        return replace(verdict, changes=tuple(found), unsought=tuple(unsought))

    def _price(self, verdict: Verdict, place: RoutingLocation) -> Change | None:
        """Every plan with the location costs as much less as handling does there, and no other one."""
        weight = sum(Fraction(term.weight) for term in self._policy.terms if isinstance(term, Handling))
        least = verdict.extra_cost_at_least
        if least is None or least >= weight * Fraction(place.handling_cost):
            return None
        if verdict.extra_cost is None:
            raise _SpentError
        return Change("price", verdict.extra_cost / weight)

    def _stock(self, place: RoutingLocation) -> Change | None:
        best: Change | None = None
        for sku in dict.fromkeys(line.sku for line in self._order.lines):
            held = max(self._network.stock.get((place.id, sku), 0), 0)
            useful = self._useful(place, sku) - held
            units = self._fewest(
                useful if best is None else min(useful, int(best.by) - 1),
                place,
                partial(_stocked, place.id, sku),
            )
            if units is not None:
                best = Change("stock", units, held + units, sku)
        return best

    def _useful(self, place: RoutingLocation, sku: str) -> int:
        """Units beyond which more of a product serve nothing: all that is wanted, and what rules keep."""
        wanted = sum(line.quantity for line in self._order.lines if line.sku == sku)
        return wanted + _ENDLESS - self._ruling.available(place, {sku: _ENDLESS}).get(sku, 0)

    def _capacity(self, place: RoutingLocation) -> Change | None:
        if place.capacity is None:
            return None
        kept = _ENDLESS - (self._ruling.with_free_capacity(replace(place, capacity=_ENDLESS)).capacity or 0)
        wanted = sum(line.quantity for line in self._order.lines) if place.capacity_unit == "units" else 1
        needed = wanted + kept - place.capacity
        by = self._fewest(needed, place, lambda network, by: more_capacity(network, place.id, by))
        return None if by is None else Change("capacity", by, place.capacity + by)

    def _distance(self, place: RoutingLocation) -> Change | None:
        km = self._market.km(place)
        graded = any(isinstance(term, Distance) and term.weight * term.per_km for term in self._policy.terms)
        for stretch in self._stretches(place, km):
            if stretch.far < km and self._wins(place, self._at(place, stretch.far)):
                return Change("distance", km - stretch.far, stretch.far)
            if graded and (to := self._within(place, stretch)) is not None:
                return Change("distance", km - to, to)
        return None

    def _within(self, place: RoutingLocation, stretch: _Stretch) -> float | None:
        """How far at most a location may be within a stretch where each tenth of a kilometre counts."""
        low, high = math.floor(stretch.near * _TENTHS) + 1, math.ceil(stretch.far * _TENTHS) - 1
        if low > high or not self._wins(place, self._at(place, low / _TENTHS)):
            return None
        while low < high:
            middle = (low + high + 1) // 2
            if self._wins(place, self._at(place, middle / _TENTHS)):
                low = middle
            else:
                high = middle - 1
        return low / _TENTHS

    def _at(self, place: RoutingLocation, km: float) -> Callable[[Network], Network]:
        return lambda network: at_distance(network, place.id, km)

    def _stretches(self, place: RoutingLocation, km: float) -> Iterator[_Stretch]:
        """From where a location is, nearer and nearer."""
        limits = {largest_within(rule.km) for rule in self._policy.rules if isinstance(rule, MaxDistance)}
        for service in self._network.services:
            if place.services is None or service.name in place.services:
                limits.update(largest_within(band.max_km) for band in service.bands)
        edges = sorted((edge for edge in limits if edge < km), reverse=True)
        yield from map(_Stretch, (km, *edges), (*edges, -1.0 / _TENTHS))

    def _fewest(
        self, most: int, place: RoutingLocation, changed: Callable[[Network, int], Network]
    ) -> int | None:
        """The fewest units, up to `most`, with which a location ships; None if it does not even then."""

        def wins(units: int) -> bool:
            return self._wins(place, lambda network: changed(network, units))

        while True:
            if most < 1 or not wins(most):
                return None
            low, high = 0, most
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if wins(middle) else (middle, high)
            # Soft rules may be given up for fewer units and kept for more: nothing is taken for granted.
            if high < 3 or not wins(high // 2):  # noqa: PLR2004 (halves seen)
                return high
            most = high // 2

    def _wins(self, place: RoutingLocation, changed: Callable[[Network], Network]) -> bool:
        """Whether the best plan on the network, changed so, ships from a location."""
        if self._work <= 0:
            raise _SpentError
        self._work -= 1
        now = self._question.now
        if not sift(self._order, changed(self._alone(place)), self._hard, now)[0]:
            return False
        network = changed(self._network)
        limit = self._question.node_limit or NODE_LIMIT
        decided = decide(Case(self._order, network, now), self._policy, limit)
        by_solver = SOLVER_WORK if decided.solution.proof == "highs" else 0
        self._work -= len(network.locations) + decided.solution.nodes + by_solver
        if not decided.solution.optimal:
            raise _SpentError
        ids = [candidate.location.id for candidate in decided.candidates]
        return any(ids[option.location] == place.id for option in decided.solution.taken)

    def _alone(self, place: RoutingLocation) -> Network:
        """The network as if there were no other location."""
        cells = ((place.id, line.sku) for line in self._order.lines)
        stock = {cell: self._network.stock[cell] for cell in cells if cell in self._network.stock}
        km = (self._network.distances or {}).get(place.id)
        distances = None if km is None else {place.id: km}
        return replace(self._network, locations=(place,), stock=stock, distances=distances)
