"""A price for every demand that proves how cheap a plan can at best be.

Relax the plan: let each demand buy units anywhere, and charge an option only what its fixed cost
exceeds the bargains it offers at these prices (Erlenkotter's dual, with limited stock). Then

    total of a plan  ≥  Σ price * quantity  +  Σ over its options of the option's slack,
    slack            =  fixed  -  Σ supply * max(0, price - unit cost).

Any prices give a valid bound, so they may be found by a rough ascent; the bound itself is exact.
An option whose slack alone lifts the bound to the best known plan is in no better plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.instance import Instance, Option

SHARED_ROUNDS = 3  # rounds in which the demands share what an option can give
FINAL_ROUNDS = 2  # rounds in which each takes what is left


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor under every plan, and by how much each option lifts it (aligned with options)."""

    base: int
    lifts: tuple[int, ...]
    prices: tuple[int, ...]


def bound_at(options: Sequence[Option], instance: Instance, prices: Sequence[int]) -> Bound:
    """The bound that these prices prove."""
    base = sum(map(int.__mul__, instance.quantities, prices))
    lifts = []
    for option in options:
        slack = option.fixed
        for price, cost, units in zip(prices, option.unit_costs, option.supply, strict=True):
            if price > cost:
                slack -= units * (price - cost)
        if slack < 0:  # worth using at these prices: its gain is granted to every plan
            base += slack
            slack = 0
        lifts.append(slack)
    return Bound(base, tuple(lifts), tuple(prices))


def ascend(options: Sequence[Option], instance: Instance) -> Bound:
    """Raise the demands' prices, each to where it stops to pay, and give the bound."""
    ascent = _Ascent(options, instance)
    demands = len(instance.quantities)
    for _ in range(SHARED_ROUNDS):
        for demand in range(demands):
            ascent.reprice(demand, share=demands)
    for _ in range(FINAL_ROUNDS):
        for demand in range(demands):
            ascent.reprice(demand, share=1)
    return bound_at(options, instance, ascent.prices)


class _Ascent:
    """Prices so far, and how much of each option's fixed cost they have used up."""

    def __init__(self, options: Sequence[Option], instance: Instance) -> None:
        self._fixed = [option.fixed for option in options]
        self._used = [0] * len(options)
        self._quantities = instance.quantities
        self._highest = instance.backorder_price
        self._columns = [
            [(at, o.unit_costs[d], o.supply[d]) for at, o in enumerate(options) if o.supply[d]]
            for d in range(len(instance.quantities))
        ]
        self.prices = [min((cost for _, cost, _ in column), default=0) for column in self._columns]

    def reprice(self, demand: int, share: int) -> None:
        """Move one price to the top of the bound, spending 1/share of each option's slack.

        The bound rises with the price by the quantity wanted, less the supply of the options
        whose slack is used up: so it peaks where that supply reaches the quantity.
        """
        price = self.prices[demand]
        stops = []
        for at, cost, units in self._columns[demand]:
            room = self._fixed[at] - self._used[at]
            room = room // share if room > 0 else room
            if price > cost:
                room += units * (price - cost)
            stops.append((cost + room // units if room > 0 else cost, units))
        self._move(demand, self._peak(sorted(stops), self._quantities[demand]))

    def _peak(self, stops: list[tuple[int, int]], quantity: int) -> int:
        for stop, units in stops:
            quantity -= units
            if quantity <= 0:
                return min(stop, self._highest)
        return stops[-1][0] if stops else 0

    def _move(self, demand: int, price: int) -> None:
        old = self.prices[demand]
        self.prices[demand] = price
        for at, cost, units in self._columns[demand]:
            if price > cost:
                self._used[at] += units * (price - cost)
            if old > cost:
                self._used[at] -= units * (old - cost)
