"""A good plan fast: the search only has to beat it.

Nothing here proves anything. Options are tried in the order of their lift over the dual bound,
which is near zero for those that the best plans use.
"""

from collections.abc import Sequence

from routing.search.distribute import TooTangledError
from routing.search.fill import Rest
from routing.search.instance import Instance, Option
from routing.search.leaf import exact_total

SHORTLIST = 24  # options tried in every step of the improvement
LONGEST_SWAP = 12  # plans of more shipments are not improved by swaps: too many to try


def greedy_plan(
    options: Sequence[Option], lifts: Sequence[int], instance: Instance
) -> tuple[tuple[Option, ...], int]:
    """A plan and its total, which is exact."""
    order = sorted(range(len(options)), key=lambda at: (lifts[at], at))
    ranked = [options[at] for at in order]
    draft = _Draft(instance)
    draft.grow(ranked[:SHORTLIST])
    if draft.short:
        draft.cover(ranked)
        draft.grow(ranked[:SHORTLIST])
    draft.improve(ranked[:SHORTLIST])
    return tuple(draft.taken), draft.total


class _Draft:
    """A plan in the making: options taken, at most one per location, and their total."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.taken: list[Option] = []
        self.total = instance.nothing

    @property
    def short(self) -> bool:
        """Whether a unit is left behind."""
        return 0 < self._instance.backorder_price <= self.total

    def grow(self, pool: Sequence[Option]) -> None:
        """Add the option that saves most, as long as one saves anything."""
        while len(self.taken) < self._instance.max_shipments:
            best: list[Option] | None = None
            total = self.total
            rest = Rest.of(self.taken, self._instance)
            for option in pool:
                if rest.least_with(option) < total and not self._uses(option):
                    trial = [*self.taken, option]
                    if (cost := self._exact(trial, total)) < total:
                        best, total = trial, cost
            if best is None:
                return
            self.taken, self.total = best, total

    def cover(self, ranked: Sequence[Option]) -> None:
        """Add every option, best first, that ships a unit nobody has shipped so far."""
        missing = list(self._instance.quantities)
        for option in self.taken:
            missing = [max(0, n - m) for n, m in zip(missing, option.supply, strict=True)]
        for option in ranked:
            if len(self.taken) >= self._instance.max_shipments or not any(missing):
                break
            helps = any(map(min, missing, option.supply))
            if helps and not self._uses(option):
                self.taken.append(option)
                missing = [max(0, n - m) for n, m in zip(missing, option.supply, strict=True)]
        self.total = self._exact(self.taken, self._instance.ceiling)
        self.drop()

    def improve(self, pool: Sequence[Option]) -> None:
        """Drop and swap until nothing helps."""
        self.drop()
        while len(self.taken) <= LONGEST_SWAP and self._swap(pool):
            self.drop()
            self.grow(pool)

    def drop(self) -> None:
        """Take out, one after the other, the options that the plan is cheaper without."""
        for option in list(self.taken):
            trial = [other for other in self.taken if other is not option]
            if (cost := self._exact(trial, self.total)) < self.total:
                self.taken, self.total = trial, cost

    def _swap(self, pool: Sequence[Option]) -> bool:
        for out in self.taken:
            others = [other for other in self.taken if other is not out]
            rest = Rest.of(others, self._instance)
            for option in pool:
                if rest.least_with(option) >= self.total or option is out:
                    continue
                if any(other.location == option.location for other in others):
                    continue
                trial = [*others, option]
                if (cost := self._exact(trial, self.total)) < self.total:
                    self.taken, self.total = trial, cost
                    return True
        return False

    def _exact(self, trial: Sequence[Option], below: int) -> int:
        try:
            return exact_total(trial, self._instance, below)
        except TooTangledError:
            return below

    def _uses(self, option: Option) -> bool:
        return any(other.location == option.location for other in self.taken)
