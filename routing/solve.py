"""From the instance to its best plan: bound, start, cut down, search."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.dual import Bound, Dual
from routing.greedy import greedy_plan
from routing.instance import Instance, Option
from routing.search import WORTH_SHARPENING, Search

ROOT_ROUNDS = 60  # rounds of the bound that all the search rests on


@dataclass(frozen=True, slots=True)
class Solution:
    """The best plan found, and what is proven about it.

    `bound` is over all options and holds for every plan; `at_least` is a floor of the total.
    """

    taken: tuple[Option, ...]
    total: int
    at_least: int
    optimal: bool
    nodes: int
    bound: Bound


def solve(instance: Instance, node_limit: int) -> Solution:
    """Find the plan with the fewest backorders and, among those, the lowest cost."""
    whole = Dual(instance.options, instance)
    bound = whole.ascend()
    taken, total = greedy_plan(instance.options, bound.lifts, instance)
    options, bound = _viable(instance.options, bound, total)
    if len(options) >= WORTH_SHARPENING:
        bound = Dual(options, instance).climb(bound.prices, total, ROOT_ROUNDS)
        second, cheaper = greedy_plan(options, bound.lifts, instance)
        if cheaper < total:
            taken, total = second, cheaper
        options, bound = _viable(options, bound, total)
    search = Search(instance, below=total, node_limit=node_limit)
    found = search.run(options, bound)
    if found.taken is not None:
        taken, total = found.taken, found.total
    at_least = total if found.complete else min(total, bound.base)
    return Solution(taken, total, at_least, found.complete, found.nodes, whole.bound(bound.prices))


def _viable(options: Sequence[Option], bound: Bound, total: int) -> tuple[tuple[Option, ...], Bound]:
    """Keep the options that a plan below this total could hold."""
    kept = [at for at, lift in enumerate(bound.lifts) if bound.base + lift < total]
    lifts = tuple(bound.lifts[at] for at in kept)
    return tuple(options[at] for at in kept), Bound(bound.base, lifts, bound.prices)
