"""One unit placed beforehand: how a plan is forced to use a location.

A plan ships from a location when it ships at least one unit of at least one demand from there. So
the cheapest such plan is the cheapest over the demands, with one unit of each already placed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.fill import exact_total
from routing.instance import Instance, Option


@dataclass(frozen=True, slots=True)
class Pin:
    """An option that has sent its unit, and the instance that is left to plan."""

    option: Option
    instance: Instance


def pins_of(option: Option, instance: Instance) -> tuple[Pin, ...]:
    """Every way in which this option can send a unit."""
    return tuple(_pin(option, demand, instance) for demand, units in enumerate(option.supply) if units)


def cheapest_pinned(pins: Sequence[Pin], others: Sequence[Option], below: int) -> int:
    """Total of the pinned option with these others; not below `below`, a lower bound will do."""
    best = below
    for pin in pins:
        best = min(best, exact_total([pin.option, *others], pin.instance, best))
    return best


def _pin(option: Option, demand: int, instance: Instance) -> Pin:
    pools = tuple(pool - (demand in group) for group, pool in zip(instance.groups, option.pools, strict=True))
    pinned = replace(
        option,
        fixed=option.fixed + option.unit_costs[demand],
        supply=_one_less(option.supply, demand),
        cap=None if option.cap is None else option.cap - 1,
        pools=pools,
    )
    return Pin(pinned, replace(instance, quantities=_one_less(instance.quantities, demand)))


def _one_less(units: Sequence[int], demand: int) -> tuple[int, ...]:
    return (*units[:demand], units[demand] - 1, *units[demand + 1 :])
