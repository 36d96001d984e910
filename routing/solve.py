"""From the instance to its best plan: bound, start, cut down, search."""

from dataclasses import dataclass

from routing.dual import Bound, ascend
from routing.greedy import greedy_plan
from routing.instance import Instance, Option
from routing.search import Search


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
    bound = ascend(instance.options, instance)
    taken, total = greedy_plan(instance.options, bound.lifts, instance)
    options, sharper = _cut_down(instance, bound, total)
    search = Search(instance, below=total, node_limit=node_limit)
    found = search.run(options, sharper.lifts, sharper.base)
    if found.taken is not None:
        taken, total = found.taken, found.total
    at_least = total if found.complete else min(total, max(bound.base, sharper.base))
    return Solution(taken, total, at_least, found.complete, found.nodes, bound)


def _cut_down(instance: Instance, bound: Bound, total: int) -> tuple[tuple[Option, ...], Bound]:
    """Keep the options that a better plan could hold; fewer options make a sharper bound."""
    options = instance.options
    while True:
        kept = tuple(
            option for option, lift in zip(options, bound.lifts, strict=True) if bound.base + lift < total
        )
        sharper = ascend(kept, instance)
        if sharper.base <= bound.base:
            lifts = (lift for lift in bound.lifts if bound.base + lift < total)
            return kept, Bound(bound.base, tuple(lifts), bound.prices)
        if len(kept) == len(options):
            return kept, sharper
        options, bound = kept, sharper
