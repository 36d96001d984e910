"""The whole tangled instance put to HiGHS, for orders that are too large to try out.

It gets the options that a better plan could hold. Fewer backorders come first, settled in a solve
of their own. What it answers is checked and priced again in whole numbers; that nothing better
exists rests on the solver's own tolerances, which is why the certificate names it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from routing.search.distribute import lawful
from routing.search.fill import Loads, loads_total
from routing.search.instance import Instance, Option
from routing.search.milp import Model

_TOLERANCE: Final = 1e-6  # minor units by which the solver's own bound may be off


@dataclass(frozen=True, slots=True)
class Finished:
    """A better plan, if there is one, and what is proven: `complete` says nothing better exists."""

    taken: tuple[Option, ...] = ()
    loads: Loads | None = None
    at_least: int | None = None
    complete: bool = False


def finish(instance: Instance, options: Sequence[Option], below: int) -> Finished:
    """Look for a plan below this total among these options."""
    if not options:
        return Finished(complete=True)
    model = Model(instance, options)
    waiting: int | None = 0
    if instance.backorder_price and instance.refusal is None:
        waiting = model.settle_waiting()
    if waiting is None:
        return Finished()
    answer = model.cheapest()
    if answer.infeasible:
        return Finished(complete=True)
    floor = None
    if math.isfinite(answer.at_least):
        cost = math.floor((answer.at_least - _TOLERANCE) * instance.scale.units_per_minor)
        floor = waiting * instance.backorder_price + cost
    taken, loads = _sending(options, answer.loads)
    if not taken or not lawful(taken, loads, instance):
        return Finished(at_least=floor, complete=answer.optimal and not taken)
    if loads_total(taken, loads, instance) >= below:
        return Finished(at_least=floor, complete=answer.optimal)
    return Finished(taken, loads, floor, answer.optimal)


def _sending(options: Sequence[Option], loads: Loads | None) -> tuple[tuple[Option, ...], Loads]:
    pairs = [(option, load) for option, load in zip(options, loads or (), strict=False) if any(load)]
    return tuple(option for option, _ in pairs), tuple(load for _, load in pairs)
