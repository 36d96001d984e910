"""From the instance to its best plan: bound, start, cut down, search, and a general solver for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.model.fulfillment import Proof
from routing.search.coupled import finish
from routing.search.depth_first import WORTH_SHARPENING, Search
from routing.search.dual import Bound, Dual
from routing.search.fill import Loads, loads_total
from routing.search.greedy import greedy_plan
from routing.search.instance import Instance, Option
from routing.search.leaf import cheapest_loads

ROOT_ROUNDS = (10, 20, 30)  # of the bound that all the search rests on; what is hopeless goes in between
TANGLED_NODES = 5_000  # nodes of a tangled search before the general solver takes over


@dataclass(frozen=True, slots=True)
class Solution:
    """The best plan found, what each option of it sends, and what is proven about it.

    `bound` is over all options and holds for every plan; `at_least` is a floor of the total, and
    `proof` says who found it.
    """

    taken: tuple[Option, ...]
    loads: Loads
    total: int
    at_least: int
    optimal: bool
    nodes: int
    bound: Bound
    proof: Proof = "search"


def solve(instance: Instance, node_limit: int) -> Solution:
    """Find the plan with the fewest backorders and, among those, the lowest cost."""
    whole = Dual(instance.options, instance)
    bound = whole.ascend()
    # An order that ships complete or not at all is searched for complete plans only.
    limit = instance.ceiling if instance.refusal is None else min(instance.refusal, instance.worst_total(0))
    taken, total = _start(instance.options, bound, instance, limit)
    options, bound = _viable(instance.options, bound, total)
    if len(options) >= WORTH_SHARPENING:
        for rounds in ROOT_ROUNDS:
            bound = Dual(options, instance).climb(bound.prices, total, rounds)
            options, bound = _viable(options, bound, total)
        second, cheaper = _start(options, bound, instance, total)
        if cheaper < total:
            taken, total = second, cheaper
        options, bound = _viable(options, bound, total)
    nodes = min(node_limit, TANGLED_NODES) if instance.tangled else node_limit
    found = Search(instance, below=total, node_limit=nodes).run(options, bound)
    if found.taken is not None:
        taken, total = found.taken, found.total
    finished = None
    if instance.tangled and not found.complete:
        finished = finish(instance, _viable(options, bound, total)[0], total)
    if finished and finished.loads is not None:
        taken, loads = finished.taken, finished.loads
    else:
        loads = cheapest_loads(taken, instance)
    taken, loads = _sending(taken, loads)
    total = _total(taken, loads, instance)
    complete = finished.complete if finished else found.complete
    at_least = bound.base
    if finished and finished.at_least is not None:
        at_least = max(at_least, finished.at_least)
    return Solution(
        taken=taken,
        loads=loads,
        total=total,
        at_least=total if complete else min(total, at_least),
        optimal=complete,
        nodes=found.nodes,
        bound=whole.bound(bound.prices),
        proof="highs" if finished else "search",
    )


def _start(
    options: Sequence[Option], bound: Bound, instance: Instance, limit: int
) -> tuple[tuple[Option, ...], int]:
    """A plan to beat, if one below the limit is at hand."""
    taken, total = greedy_plan(options, bound.lifts, instance)
    return (taken, total) if total < limit else ((), limit)


def _viable(options: Sequence[Option], bound: Bound, total: int) -> tuple[tuple[Option, ...], Bound]:
    """Keep the options that a plan below this total could hold."""
    kept = [at for at, lift in enumerate(bound.lifts) if bound.base + lift < total]
    lifts = tuple(bound.lifts[at] for at in kept)
    return tuple(options[at] for at in kept), Bound(bound.base, lifts, bound.prices)


def _sending(taken: Sequence[Option], loads: Loads) -> tuple[tuple[Option, ...], Loads]:
    """Leave out what sends nothing: a search that was cut short may have kept it."""
    pairs = [(option, load) for option, load in zip(taken, loads, strict=True) if any(load)]
    return tuple(option for option, _ in pairs), tuple(load for _, load in pairs)


def _total(taken: Sequence[Option], loads: Loads, instance: Instance) -> int:
    if instance.refusal is not None and not taken:
        return instance.refusal
    return loads_total(taken, loads, instance)
