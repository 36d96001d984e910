"""The exact search: depth first over sets of options, with a bound that lets it stop.

Options stand in order of fixed cost. A node has taken some of them and may still take any that
stand behind the last. Whatever it adds costs at least the fixed costs taken, the next option's
fixed cost (or those of as many options as the missing units need), and each demand's units at the
cheaper of what is taken and the best that is still to come. As both only rise towards the end of
the list, the first option at which that sum reaches the best known plan ends the node.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.search.distribute import TooTangledError
from routing.search.dual import Bound, Dual
from routing.search.fill import fill_cost
from routing.search.instance import Instance, Option
from routing.search.leaf import exact_total
from routing.search.pin import Pin, cheapest_pinned
from routing.search.suffix import Missing, Suffixes

DEEPEST = 200  # shipments in one plan; a plan that needs more is left to the greedy start
WORTH_SHARPENING = 12  # options left below a node that repay the work of a new dual bound
NODE_ROUNDS = 10  # rounds that bound gets

Entries = list[list[tuple[int, int]]]  # by demand: (unit cost, units) of what is taken, by cost


@dataclass(frozen=True, slots=True)
class Found:
    """What a search leaves: a plan below the limit it was given, if there is one.

    `complete` says that nothing better exists; otherwise the node limit ended the search.
    """

    taken: tuple[Option, ...] | None
    total: int
    nodes: int
    complete: bool


@dataclass(frozen=True, slots=True)
class _Node:
    """Options taken, and what the dual bound says of every plan that holds them."""

    taken: tuple[Option, ...]
    entries: Entries
    fixed: int
    floor: int


@dataclass(frozen=True, slots=True)
class _Rest:
    """Options that a node may still take, from `start` on, and what each lifts the bound by."""

    options: Sequence[Option]
    lifts: Sequence[int]
    prices: Sequence[int]
    suffixes: Suffixes
    start: int = 0


class Search:
    """One search for the cheapest plan below `below` among plans that hold what is given."""

    def __init__(self, instance: Instance, *, below: int, node_limit: int, pins: Sequence[Pin] = ()) -> None:
        """`pins` are the ways in which the first held option may send the unit it has to send."""
        self._instance = instance
        self._pins = pins
        self._best = below
        self._taken: tuple[Option, ...] | None = None
        self._nodes = 0
        self._node_limit = node_limit
        self._complete = True
        self._ended = False

    def run(self, options: Sequence[Option], bound: Bound, held: tuple[Option, ...] = ()) -> Found:
        """Search these options, aligned with the bound; its base is that of plans with `held`."""
        entries: Entries = [[] for _ in self._instance.quantities]
        for option in held:
            entries = _with(entries, option)
        root = _Node(held, entries, sum(option.fixed for option in held), bound.base)
        self._weigh(root)
        rest = _Rest(options, bound.lifts, bound.prices, Suffixes(options, self._instance))
        if not held:
            self._extend(root, rest)
        elif len(held) < self._instance.max_shipments:
            self._descend(root, rest, 0)
        return Found(self._taken, self._best, self._nodes, self._complete)

    def _extend(self, node: _Node, rest: _Rest) -> None:
        slots = self._instance.max_shipments - len(node.taken)
        if slots <= 0:
            return
        if len(node.taken) >= DEEPEST:
            self._complete = False
            return
        missing = rest.suffixes.missing(node.taken)
        used = {option.location for option in node.taken}
        for at in range(rest.start, len(rest.options)):
            if self._ended or self._nodes >= self._node_limit:
                self._complete = False
                return
            option = rest.options[at]
            floor = node.floor + rest.lifts[at]
            if floor >= self._best or option.location in used:
                continue
            self._nodes += 1
            if self._cheapest_from(node, rest.suffixes, at, missing, slots) >= self._best:
                return
            taken = (*node.taken, option)
            entries = _with(node.entries, option)
            child = _Node(taken, entries, node.fixed + option.fixed, floor)
            self._weigh(child)
            if slots > 1:
                self._descend(child, rest, at + 1)

    def _descend(self, node: _Node, rest: _Rest, start: int) -> None:
        """Go on below a node; where many options are left, with a bound of its own."""
        within = self._best - node.floor
        lifts = rest.lifts
        viable = [at for at in range(start, len(lifts)) if lifts[at] < within]
        if len(viable) >= WORTH_SHARPENING:
            self._sharpen(node, rest, viable)
        elif viable:
            self._extend(node, replace(rest, start=viable[0]))

    def _sharpen(self, node: _Node, rest: _Rest, viable: Sequence[int]) -> None:
        """Raise the prices: what is taken is paid for, and what was passed over is out of reach."""
        paid = [replace(option, fixed=0) for option in node.taken]
        used = {option.location for option in node.taken}
        options = [rest.options[at] for at in viable if rest.options[at].location not in used]
        dual = Dual([*paid, *options], self._instance, must_ship=0 if self._pins else None)
        bound = dual.climb(rest.prices, self._best - node.fixed, NODE_ROUNDS)
        floor = node.fixed + bound.base
        kept = [
            (option, lift)
            for option, lift in zip(options, bound.lifts[len(paid) :], strict=True)
            if floor + lift < self._best
        ]
        if kept and floor < self._best:
            sharp = [option for option, _ in kept]
            lifts = [lift for _, lift in kept]
            suffixes = Suffixes(sharp, self._instance)
            self._extend(replace(node, floor=floor), _Rest(sharp, lifts, bound.prices, suffixes))

    def _cheapest_from(self, node: _Node, suffixes: Suffixes, at: int, missing: Missing, slots: int) -> int:
        """Bound every plan that adds to the node at least one option from `at` on."""
        bound = node.fixed
        for entries, quantity, floor in zip(
            node.entries, self._instance.quantities, suffixes.unit_floors[at], strict=True
        ):
            if entries and entries[0][0] < floor:
                bound += fill_cost(entries, quantity, floor)
            else:
                bound += quantity * floor
        if not missing:
            return bound + suffixes.fixed_of(at, 1)
        return bound + suffixes.cost_of_missing(at, missing, slots)

    def _weigh(self, node: _Node) -> None:
        """Take the node as a plan: price it, and keep it if it is the best so far."""
        total = node.fixed
        for entries, quantity, wait in zip(
            node.entries, self._instance.quantities, self._instance.waits, strict=True
        ):
            total += fill_cost(entries, quantity, wait)
        if total < self._best and (self._pins or self._instance.coupled or self._instance.tangled):
            total = self._exact(node.taken)
        if total < self._best:
            self._best, self._taken = total, node.taken

    def _exact(self, taken: Sequence[Option]) -> int:
        try:
            if self._pins:
                return cheapest_pinned(self._pins, taken[1:], self._best)
            return exact_total(taken, self._instance, self._best)
        except TooTangledError:
            self._complete, self._ended = False, True
            return self._best


def _with(entries: Entries, option: Option) -> Entries:
    """Add an option's units to each demand's list, keeping it in order of cost."""
    return [
        sorted([*have, (cost, units)]) if units else have
        for have, cost, units in zip(entries, option.unit_costs, option.supply, strict=True)
    ]
