"""One unit placed beforehand: how a plan is forced to use a location.

A plan ships from a location when it ships at least one unit of at least one demand from there. So
the cheapest such plan is the cheapest over the demands, with one unit of each already placed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.search.fill import Loads
from routing.search.instance import Instance, Option
from routing.search.leaf import cheapest_loads, exact_total


@dataclass(frozen=True, slots=True)
class Pin:
    """An option that has sent its unit, of `demand` where that is known, and what is left to plan."""

    option: Option
    instance: Instance
    demand: int | None = None


def pins_of(option: Option, instance: Instance) -> tuple[Pin, ...]:
    """Every way in which this option can send a unit.

    Where demands are tangled, which unit it is cannot be settled beforehand: there it just must.
    """
    if instance.tangled:
        return (Pin(replace(option, must=True), instance),)
    return tuple(_pin(option, demand, instance) for demand, units in enumerate(option.supply) if units)


def cheapest_pinned(pins: Sequence[Pin], others: Sequence[Option], below: int) -> int:
    """Total of the pinned option with these others; not below `below`, a lower bound will do."""
    best = below
    for pin in pins:
        best = min(best, exact_total([pin.option, *others], pin.instance, best))
    return best


def pinned_loads(pins: Sequence[Pin], taken: Sequence[Option]) -> Loads:
    """What each of these options sends at the lowest cost; the pinned one stands first."""
    others = taken[1:]
    pin = min(pins, key=lambda pin: exact_total([pin.option, *others], pin.instance, pin.instance.ceiling))
    first, *rest = cheapest_loads([pin.option, *others], pin.instance)
    return (tuple(units + (at == pin.demand) for at, units in enumerate(first)), *rest)


def _pin(option: Option, demand: int, instance: Instance) -> Pin:
    pools = tuple(pool - (demand in group) for group, pool in zip(instance.groups, option.pools, strict=True))
    pinned = replace(
        option,
        fixed=option.fixed + option.unit_costs[demand],
        supply=_one_less(option.supply, demand),
        cap=None if option.cap is None else option.cap - 1,
        pools=pools,
    )
    return Pin(pinned, replace(instance, quantities=_one_less(instance.quantities, demand)), demand)


def _one_less(units: Sequence[int], demand: int) -> tuple[int, ...]:
    return (*units[:demand], units[demand] - 1, *units[demand + 1 :])
