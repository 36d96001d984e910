"""Given the locations that ship, which of them sends what, and what that costs exactly."""

from collections.abc import Sequence

from routing.search.distribute import cheapest_lawful
from routing.search.fill import Loads, greedy_loads, loads_total, relaxed_total
from routing.search.flow import cheapest_flow
from routing.search.instance import Instance, Option


def cheapest_loads(taken: Sequence[Option], instance: Instance) -> Loads:
    """The best loads of exactly these options: by greed where that is lawful, else by flow or by trial."""
    if instance.tangled:
        found = cheapest_lawful(taken, instance, instance.ceiling)
        return found[1] if found else ((0,) * len(instance.quantities),) * len(taken)
    loads = greedy_loads(taken, instance)
    if not instance.coupled or _lawful(taken, loads, instance):
        # Each demand took its cheapest units and no shared limit is broken: nothing beats that.
        return loads
    return cheapest_flow(taken, instance)


def exact_total(taken: Sequence[Option], instance: Instance, below: int) -> int:
    """Total of a set of options; where it is not below `below`, a lower bound of it will do."""
    total = relaxed_total(taken, instance)
    if total >= below or not (instance.coupled or instance.tangled):
        return total
    if instance.tangled:
        found = cheapest_lawful(taken, instance, below)
        return below if found is None else found[0]
    return loads_total(taken, cheapest_loads(taken, instance), instance)


def _lawful(taken: Sequence[Option], loads: Loads, instance: Instance) -> bool:
    for option, load in zip(taken, loads, strict=True):
        if option.cap is not None and sum(load) > option.cap:
            return False
        for group, pool in zip(instance.groups, option.pools, strict=True):
            if sum(load[demand] for demand in group) > pool:
                return False
    return True
