"""Given the locations that ship, which of them sends what."""

from collections.abc import Sequence

from routing.flow import cheapest_flow
from routing.instance import Instance, Option

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
    price = instance.backorder_price
    total = sum([option.fixed for option in taken])
    for demand, quantity in enumerate(instance.quantities):
        entries = [(o.unit_costs[demand], o.supply[demand]) for o in taken if o.supply[demand]]
        entries.sort()
        total += fill_cost(entries, quantity, price)
    return total


def cheapest_loads(taken: Sequence[Option], instance: Instance) -> Loads:
    """The best loads of exactly these options: by greed where that is lawful, else by flow."""
    loads = _greedy_loads(taken, instance)
    if not instance.coupled or _lawful(taken, loads, instance):
        # Each demand took its cheapest units and no shared limit is broken: nothing beats that.
        return loads
    return cheapest_flow(taken, instance)


def loads_total(taken: Sequence[Option], loads: Loads, instance: Instance) -> int:
    """Fixed costs, unit costs, and the price of what is left behind."""
    left = sum(instance.quantities)
    total = 0
    for option, load in zip(taken, loads, strict=True):
        total += option.fixed + sum(map(int.__mul__, option.unit_costs, load))
        left -= sum(load)
    return total + left * instance.backorder_price


def exact_total(taken: Sequence[Option], instance: Instance, below: int) -> int:
    """Total of a set of options; where it is not below `below`, a lower bound of it will do."""
    total = relaxed_total(taken, instance)
    if total >= below or not instance.coupled:
        return total
    return loads_total(taken, cheapest_loads(taken, instance), instance)


def _greedy_loads(taken: Sequence[Option], instance: Instance) -> Loads:
    loads = [[0] * len(instance.quantities) for _ in taken]
    for demand, wanted in enumerate(instance.quantities):
        left = wanted
        # Equal unit costs: the earlier option, so that the answer does not depend on chance.
        for at in sorted(range(len(taken)), key=lambda at: (taken[at].unit_costs[demand], at)):
            loads[at][demand] = min(left, taken[at].supply[demand])
            left -= loads[at][demand]
    return tuple(map(tuple, loads))


def _lawful(taken: Sequence[Option], loads: Loads, instance: Instance) -> bool:
    for option, load in zip(taken, loads, strict=True):
        if option.cap is not None and sum(load) > option.cap:
            return False
        for group, pool in zip(instance.groups, option.pools, strict=True):
            if sum(load[demand] for demand in group) > pool:
                return False
    return True
