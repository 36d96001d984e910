"""The cheapest lawful loads of a set of options, where limits tangle the demands: by trying.

Demand after demand is dealt out over the options, the heaviest first and each to its cheapest
option first. What is left costs at least its cheapest units, and once there is too little room for
it, at least one unit must wait: that ends most branches early. The work is bounded; a set that is
too large for it is left to the general solver.
"""

from collections.abc import Sequence

from routing.search.fill import Loads, fill_cost, greedy_loads, loads_total
from routing.search.instance import Instance, Option

MOST_TRIALS = 20_000  # branches tried for one set of options


class TooTangledError(Exception):
    """The loads of one set of options cannot be tried out in bounded work."""


def cheapest_lawful(taken: Sequence[Option], instance: Instance, below: int) -> tuple[int, Loads] | None:
    """The best lawful loads and their total, if that is below `below`.

    Raises TooTangledError where that is too much work.
    """
    loads = greedy_loads(taken, instance)
    total = loads_total(taken, loads, instance)
    if total >= below:
        return None
    if lawful(taken, loads, instance):
        return total, loads
    trial = _Trial(taken, instance, below)
    return trial.run()


def lawful(taken: Sequence[Option], loads: Sequence[Sequence[int]], instance: Instance) -> bool:
    """Whether every row is kept, every option sends what it has to, and every part is worth enough."""
    for option, load in zip(taken, loads, strict=True):
        if any(row.used(load) > row.limit for row in option.rows):
            return False
        if not _sends_enough(option, load):
            return False
    return not instance.least_value or _worth_enough(loads, instance)


def _sends_enough(option: Option, load: Sequence[int]) -> bool:
    if any(load):
        return option.above is None or option.above.used(load) > option.above.limit
    # An option that is paid for being taken may only be taken to send something.
    return not option.must and option.fixed >= 0


def _asks_for_more(option: Option) -> bool:
    """Whether an option may have to send a unit that had better wait."""
    return option.must or option.fixed < 0 or option.above is not None


def _worth_enough(loads: Sequence[Sequence[int]], instance: Instance) -> bool:
    parts = [load for load in loads if any(load)]
    left = list(instance.quantities)
    for load in parts:
        left = list(map(int.__sub__, left, load))
    if any(left):
        parts.append(left)
    if len(parts) <= 1:
        return True
    return all(sum(map(int.__mul__, instance.values, part)) >= instance.least_value for part in parts)


class _Trial:
    """One search over the ways to deal the demands out."""

    def __init__(self, taken: Sequence[Option], instance: Instance, below: int) -> None:
        self._taken = taken
        self._instance = instance
        self._best = below
        self._found: Loads | None = None
        self._trials = 0
        self._rooms = [[row.limit for row in option.rows] for option in taken]
        self._loads = [[0] * len(instance.quantities) for _ in taken]
        self._order = sorted(range(len(instance.quantities)), key=self._heft)
        self._entries = [self._entries_of(demand) for demand in self._order]
        self._rest = self._floors()
        self._needs, self._short = self._tightness()

    def run(self) -> tuple[int, Loads] | None:
        self._deal(0, sum(option.fixed for option in self._taken))
        return None if self._found is None else (self._best, self._found)

    def _heft(self, demand: int) -> tuple[int, int]:
        uses = [row.uses[demand] for option in self._taken for row in option.rows[-1:]]
        return -max(uses, default=0), demand

    def _entries_of(self, demand: int) -> list[tuple[int, int, int]]:
        """What the options send it for; where a plan is lawful by what it sends, also what waits for less."""
        wait = self._instance.waits[demand]
        all_count = self._instance.least_value or any(map(_asks_for_more, self._taken))
        return sorted(
            (option.unit_costs[demand], option.supply[demand], at)
            for at, option in enumerate(self._taken)
            if option.supply[demand] and (all_count or option.unit_costs[demand] < wait)
        )

    def _floors(self) -> list[int]:
        """By place in the order: the least that the demands from there on cost."""
        floors = [0]
        for demand, entries in zip(reversed(self._order), reversed(self._entries), strict=True):
            pairs = [(cost, units) for cost, units, _ in entries]
            quantity, wait = self._instance.quantities[demand], self._instance.waits[demand]
            floors.append(floors[-1] + fill_cost(pairs, quantity, wait))
        return floors[::-1]

    def _tightness(self) -> tuple[list[int], int]:
        """Room that the demands from each place on need at least, and what one unit less costs."""
        if not all(option.rows for option in self._taken):
            return [0] * (len(self._order) + 1), 0
        needs = [0]
        saved = []
        for demand, entries in zip(reversed(self._order), reversed(self._entries), strict=True):
            uses = [self._taken[at].rows[-1].uses[demand] for _, _, at in entries]
            supply = sum(units for _, units, _ in entries)
            wanted = min(self._instance.quantities[demand], supply)
            needs.append(needs[-1] + wanted * min(uses, default=0))
            if entries:
                saved.append(max(0, self._instance.waits[demand] - entries[-1][0]))
        return needs[::-1], min(saved, default=0)

    def _deal(self, place: int, cost: int) -> None:
        """Deal out the demands from this place of the order on."""
        floor = cost + self._rest[place]
        if self._needs[place] and self._needs[place] > sum(rooms[-1] for rooms in self._rooms):
            floor += self._short
        if floor >= self._best:
            return
        if place == len(self._order):
            if lawful(self._taken, self._loads, self._instance):
                self._best, self._found = cost, tuple(map(tuple, self._loads))
            return
        demand = self._order[place]
        self._spread(place, 0, self._instance.quantities[demand], cost)

    def _spread(self, place: int, entry: int, left: int, cost: int) -> None:
        """Give the entries from this one on what is left of the demand, the most first."""
        self._trials += 1
        if self._trials > MOST_TRIALS:
            raise TooTangledError
        entries = self._entries[place]
        demand = self._order[place]
        if entry == len(entries) or not left:
            self._deal(place + 1, cost + left * self._instance.waits[demand])
            return
        pairs = [(price, units) for price, units, _ in entries[entry:]]
        least = fill_cost(pairs, left, self._instance.waits[demand])
        if cost + least + self._rest[place + 1] >= self._best:
            return
        price, supply, at = entries[entry]
        uses = [row.uses[demand] for row in self._taken[at].rows]
        most = min(left, supply)
        for use, room in zip(uses, self._rooms[at], strict=True):
            most = min(most, room // use) if use else most
        for units in range(most, -1, -1):
            self._load(at, demand, units, uses)
            self._spread(place, entry + 1, left - units, cost + units * price)
            self._load(at, demand, -units, uses)

    def _load(self, at: int, demand: int, units: int, uses: Sequence[int]) -> None:
        self._loads[at][demand] += units
        rooms = self._rooms[at]
        for row, use in enumerate(uses):
            rooms[row] -= units * use
