"""What the options from any place of the list on can still offer, worked out once."""

from collections.abc import Sequence
from itertools import accumulate

from routing.search.instance import Instance, Option

Row = int  # a demand, or a limit that several demands share
Missing = list[tuple[Row, int]]  # rows that what is taken cannot cover, and by how many units


class Suffixes:
    """Floors and reach of options[at:], for every `at`.

    A row is something that units are counted in: each demand, then, where demands are coupled,
    each shared sku, and all units together.
    """

    def __init__(self, options: Sequence[Option], instance: Instance) -> None:
        self._instance = instance
        self._demands = len(instance.quantities)
        self._lexicographic = bool(instance.backorder_price)
        self._wanted = list(self._row(instance.quantities, None))
        self._fixed = [0, *accumulate(option.fixed for option in options)]
        self._rebates = sum(option.fixed < 0 for option in options)
        floors = list(instance.waits)
        most = [0] * len(self._wanted)
        reach = list(most)
        self.unit_floors = [floors]
        self._most, self._reach = [most], [reach]
        for option in reversed(options):
            row = self._row(option.supply, option)
            floors = [
                cost if units and cost < floor else floor
                for floor, cost, units in zip(floors, option.unit_costs, option.supply, strict=True)
            ]
            most = list(map(max, most, row))
            reach = list(map(int.__add__, reach, row))
            self.unit_floors.append(floors)
            self._most.append(most)
            self._reach.append(reach)
        for table in (self.unit_floors, self._most, self._reach):
            table.reverse()

    def fixed_of(self, at: int, count: int) -> int:
        """The least that `count` options from `at` on cost before they ship anything."""
        return self._fixed[min(max(at + count, self._rebates), len(self._fixed) - 1)] - self._fixed[at]

    def missing(self, taken: Sequence[Option]) -> Missing:
        """Rows that these options leave open."""
        left = list(self._wanted)
        for option in taken:
            left = list(map(int.__sub__, left, self._row(option.supply, option)))
        return [(row, units) for row, units in enumerate(left) if units > 0]

    def cost_of_missing(self, at: int, missing: Missing, slots: int) -> int:
        """Bound the fixed costs of covering the rows, and the price of what stays uncovered.

        The caller has already priced every unit at the floor of `at`; this adds the rest.
        """
        most, reach, floors = self._most[at], self._reach[at], self.unit_floors[at]
        waits = self._instance.waits
        left, extra, shared_left = 0, 0, 0
        covers = [min(units, reach[row], most[row] * slots) for row, units in missing]
        for (row, units), cover in zip(missing, covers, strict=True):
            if row < self._demands:
                left += units - cover
                extra += (units - cover) * (waits[row] - floors[row])
            else:
                shared_left = max(shared_left, units - cover)
        if shared_left > left:
            extra += (shared_left - left) * self._least_saved(floors)
        if not self._lexicographic:  # a unit may wait where that saves an option
            return self.fixed_of(at, 1) + extra
        options, waiting = 1, max(left, shared_left)
        for (row, units), cover in zip(missing, covers, strict=True):
            # No better plan lets more units wait; but which they are is open where demands share a limit.
            sent = cover - waiting + left if row < self._demands else min(cover, units - waiting)
            if sent > most[row]:
                options = max(options, -(-sent // most[row]))
        return self.fixed_of(at, options) + extra

    def _least_saved(self, floors: Sequence[int]) -> int:
        """What one more unit that waits adds at least to the floors, whichever it is.

        Where nobody sends a demand any more, such a unit was counted as sent by what is taken.
        """
        instance = self._instance
        saved = [
            wait - (floor if floor < wait else dearest)
            for wait, floor, dearest in zip(instance.waits, floors, instance.dearest, strict=True)
        ]
        return max(0, min(saved))

    def _row(self, units: Sequence[int], option: Option | None) -> Sequence[int]:
        if not self._instance.coupled:
            return units
        groups = self._instance.groups
        shared = [sum([units[demand] for demand in group]) for group in groups]
        if option is None:
            return [*units, *shared, sum(units)]
        pools = list(map(min, shared, option.pools))
        alone = sum(units) - sum(shared)
        total = alone + sum(pools)
        return [*units, *pools, total if option.cap is None else min(total, option.cap)]
