"""Each demand filled cheapest first: what a set of options costs at least, and often exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from routing.search.instance import Instance, Option

Loads = tuple[tuple[int, ...], ...]  # units by option, by demand


def fill_cost(entries: Sequence[tuple[int, int]], quantity: int, price: int) -> int:
    """Cheapest cost of a quantity from (unit cost, units) by cost, the rest at `price`."""
    cost = 0
    for unit_cost, units in entries:
        if unit_cost >= price or not quantity:
            break
        taken = units if units < quantity else quantity  # noqa: FURB136 - a call costs more here
        cost += unit_cost * taken
        quantity -= taken
    return cost + quantity * price


def relaxed_total(taken: Sequence[Option], instance: Instance) -> int:
    """Total of a set of options when each demand takes the cheapest units first.

    It is exact when nothing couples the demands, and never too high when something does.
    """
    total = sum([option.fixed for option in taken])
    for demand, quantity in enumerate(instance.quantities):
        entries = [(o.unit_costs[demand], o.supply[demand]) for o in taken if o.supply[demand]]
        entries.sort()
        total += fill_cost(entries, quantity, instance.waits[demand])
    return total


@dataclass(frozen=True, slots=True)
class Rest:
    """Options of a plan that lacks one: their relaxed total, and by demand the dearest price paid."""

    total: int
    dearest: tuple[int, ...]

    @classmethod
    def of(cls, taken: Sequence[Option], instance: Instance) -> Self:
        """Fill each demand from these options, the cheapest units first."""
        total = sum([option.fixed for option in taken])
        dearest = []
        for demand, left in enumerate(instance.quantities):
            price = wait = instance.waits[demand]
            for cost, units in sorted([(o.unit_costs[demand], o.supply[demand]) for o in taken]):
                if cost >= wait or not left:
                    break
                if units:
                    price = cost
                    sent = min(units, left)
                    total += sent * cost
                    left -= sent  # noqa: PLW2901 - counted down
            total += left * wait
            dearest.append(wait if left else price)
        return cls(total, tuple(dearest))

    def least_with(self, option: Option) -> int:
        """What the plan costs at least with this option too: each unit of it spares the dearest at most."""
        least = self.total + option.fixed
        for price, cost, units in zip(self.dearest, option.unit_costs, option.supply, strict=True):
            if cost < price:
                least -= units * (price - cost)
        return least


def loads_total(taken: Sequence[Option], loads: Loads, instance: Instance) -> int:
    """Fixed costs, unit costs, and the price of what is left behind."""
    total = instance.nothing
    for option, load in zip(taken, loads, strict=True):
        total += option.fixed + sum(map(int.__mul__, option.unit_costs, load))
        total -= sum(map(int.__mul__, instance.waits, load))
    return total


def greedy_loads(taken: Sequence[Option], instance: Instance) -> Loads:
    """Each demand's cheapest units first, whatever else they take up."""
    loads = [[0] * len(instance.quantities) for _ in taken]
    for demand, wanted in enumerate(instance.quantities):
        left = wanted
        # Equal unit costs: the earlier option, so that the answer does not depend on chance.
        for at in sorted(range(len(taken)), key=lambda at: (taken[at].unit_costs[demand], at)):
            if taken[at].unit_costs[demand] >= instance.waits[demand]:
                break
            loads[at][demand] = min(left, taken[at].supply[demand])
            left -= loads[at][demand]
    return tuple(map(tuple, loads))
