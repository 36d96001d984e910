"""First prices for the dual bound: each demand's price is raised to where it stops to pay."""

from collections.abc import Sequence
from heapq import nsmallest

from routing.search.instance import Instance, Option

SHARED_ROUNDS = 3  # rounds in which the demands share what an option can give
WORTH_SHORTLISTING = 150  # options
CHEAPEST_BY_DEMAND = 16
FINAL_ROUNDS = 2  # rounds in which each takes what is left


def first_prices(options: Sequence[Option], instance: Instance) -> list[int]:
    """Prices that come near the best bound, in a few rounds over the demands."""
    ascent = _Ascent(options, instance)
    demands = len(instance.quantities)
    for share in (demands,) * SHARED_ROUNDS + (1,) * FINAL_ROUNDS:
        for demand in range(demands):
            ascent.reprice(demand, share)
    return ascent.prices


def shortlist(options: Sequence[Option], instance: Instance) -> set[int]:
    """Places of the options that look cheapest for some demand, their fixed cost spread evenly."""
    if len(options) <= WORTH_SHORTLISTING:
        return set(range(len(options)))
    spread = [option.fixed // sum(option.supply) for option in options]
    names: set[int] = set()
    for demand in range(len(instance.quantities)):
        scores = [(o.unit_costs[demand] + spread[at], at) for at, o in enumerate(options) if o.supply[demand]]
        names.update(at for _, at in nsmallest(CHEAPEST_BY_DEMAND, scores))
    return names


class _Ascent:
    """Prices so far, and how much of each option's fixed cost they have used up."""

    def __init__(self, options: Sequence[Option], instance: Instance) -> None:
        self._fixed = [option.fixed for option in options]
        self._used = [0] * len(options)
        self._quantities = instance.quantities
        self._highest = instance.waits
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
        self._move(demand, self._peak(sorted(stops), self._quantities[demand], self._highest[demand]))

    def _peak(self, stops: list[tuple[int, int]], quantity: int, highest: int) -> int:
        for stop, units in stops:
            quantity -= units
            if quantity <= 0:
                return min(stop, highest)
        return stops[-1][0] if stops else 0

    def _move(self, demand: int, price: int) -> None:
        old = self.prices[demand]
        self.prices[demand] = price
        for at, cost, units in self._columns[demand]:
            if price > cost:
                self._used[at] += units * (price - cost)
            if old > cost:
                self._used[at] -= units * (old - cost)
