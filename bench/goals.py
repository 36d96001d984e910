"""What routing promises of its speed, beside what was measured."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.timed import Size, Timed
from bench.timing import p50, p99

_HARD: Final = 50  # locations from which on the distance to HiGHS is promised
_P99_MS: Final = {(5, 1000): 60, (3, 10_000): 250}
_MEDIAN_TIMES: Final = 30
_P99_TIMES: Final = 50
_STEPPED_TIMES: Final = 3

Run = Mapping[Size, Timed]


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure of one run, and the least or the most that it may be."""

    name: str
    figure: float
    least: float | None = None
    most: float | None = None

    @property
    def limit(self) -> str:
        """What is promised, in words."""
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"


def goals(run: Run) -> Iterator[Goal]:
    """Every promise that this run measured."""
    yield Goal("optima that differ", sum(len(one.differing) for one in run.values()), most=0)
    uncertified = sum(len(one.plan) - one.certified for one in run.values())
    yield Goal("plans without a certificate", uncertified, most=0)
    for size, one in run.items():
        highs = one.rivals.get("HiGHS")
        if highs and size.locations >= _HARD and not size.stepped:
            for name, ours in (("search", one.search), ("plan", one.plan)):
                same = ours[: len(highs)]
                yield Goal(f"{size}: {name}, × HiGHS p50", p50(highs) / p50(same), least=_MEDIAN_TIMES)
                yield Goal(f"{size}: {name}, × HiGHS p99", p99(highs) / p99(same), least=_P99_TIMES)
        most = _P99_MS.get((size.lines, size.locations))
        if most is not None and not size.stepped:
            yield Goal(f"{size}: search, p99 ms", p99(one.search), most=most)
            yield Goal(f"{size}: plan, p99 ms", p99(one.plan), most=most)
    yield from _stepped(run)


def shown(runs: Sequence[Run]) -> Iterator[str]:
    """A line for each goal: lowest, median and highest figure of the runs; met where the median is."""
    for same in zip(*(goals(run) for run in runs), strict=True):
        goal, figures = same[0], [one.figure for one in same]
        middle = median(figures)
        met = (goal.least is None or middle >= goal.least) and (goal.most is None or middle <= goal.most)
        spread = " / ".join(f"{figure:.4g}" for figure in (min(figures), middle, max(figures)))
        yield f"{'met   ' if met else 'missed'} {goal.name:42} {spread:>22}   ({goal.limit})"


def _stepped(run: Run) -> Iterator[Goal]:
    linear = {(size.lines, size.locations): one for size, one in run.items() if not size.stepped}
    for size, one in run.items():
        if size.stepped and (beside := linear.get((size.lines, size.locations))):
            for name in ("search", "plan"):
                times = p50(getattr(one, name)) / p50(getattr(beside, name))
                yield Goal(f"{size}: {name}, × linear p50", times, most=_STEPPED_TIMES)
