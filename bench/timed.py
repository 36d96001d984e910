"""One size of orders, timed: our search, our whole decision, and the solvers beside them."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.instances import NOW, Instance, parcel_instance
from bench.problems import UNITS_PER_MINOR, WAITING, problem_of
from bench.rivals import Answer, Rival
from routing import FulfillmentPlan, plan
from routing.collector import garbage_waits
from routing.model.case import Case
from routing.planner import NODE_LIMIT
from routing.pricing.filters import sift
from routing.search.demands import demands_of
from routing.search.instance import Instance as Built
from routing.search.scaling import build_instance
from routing.search.solve import solve

TOLERANCE: Final = 1e-6  # minor units
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Size:
    """So many lines and locations, by rates with weight breaks where `stepped`; `beside` go to others too."""

    lines: int
    locations: int
    beside: int
    stepped: bool = False

    def __str__(self) -> str:
        return f"{self.lines} × {self.locations}{', stepped' if self.stepped else ''}"


@dataclass(slots=True)
class Timed:
    """Milliseconds of every order, those that others solved too first."""

    search: list[float] = field(default_factory=list)
    plan: list[float] = field(default_factory=list)
    rivals: dict[str, list[float]] = field(default_factory=dict)
    certified: int = 0
    proven: int = 0
    differing: list[str] = field(default_factory=list)


def timed(size: Size, orders: int, rivals: Sequence[Rival], clock: Clock, *, by_cpu: bool) -> Timed:
    """Solve so many orders; a solver's time is that of its solve alone, its model stands already."""
    found = Timed(rivals={rival.name: [] for rival in rivals})
    for seed in range(orders):
        instance = parcel_instance(seed, size.lines, size.locations, stepped=size.stepped)
        answer = _ours(instance, found, clock)
        if seed < size.beside:
            problem = problem_of(instance)
            for rival in (one for one in rivals if size.locations <= one.most_locations):
                theirs = rival.ask(problem)
                found.rivals[rival.name].append(1000 * theirs["cpu" if by_cpu else "seconds"])
                if not _same(answer, theirs) and not _same(answer, rival.ask(problem, presolve=False)):
                    found.differing.append(f"{size}, order {seed}: {rival.name} does not agree")
    return found


def _ours(instance: Instance, found: Timed, clock: Clock) -> FulfillmentPlan:
    built = _built(instance)
    gc.collect()
    with garbage_waits():
        began = clock()
        solve(built, NODE_LIMIT)
        found.search.append(1000 * (clock() - began))
    del built
    gc.collect()
    began = clock()
    answer = plan(*instance, now=NOW, explain=False)
    found.plan.append(1000 * (clock() - began))
    found.certified += answer.certificate.lower_bound <= answer.objective
    found.proven += answer.certificate.optimal
    return answer


def _built(instance: Instance) -> Built:
    order, network, policy = instance
    shape = policy.shape(order)
    demands = demands_of(order, shape)
    candidates, _ = sift(order, network, policy, NOW)
    return build_instance(Case(order, network, NOW), policy, shape, demands, candidates)


def _same(ours: FulfillmentPlan, theirs: Answer) -> bool:
    """Whether a proven optimum is that of the plan; one that is not proven in time says nothing."""
    waiting = sum(line.quantity for line in ours.backorders)
    total = float(ours.objective) + WAITING * waiting
    return not theirs["proven"] or abs(theirs["total"] / UNITS_PER_MINOR - total) <= max(
        TOLERANCE, 1e-9 * total
    )
