"""How long routing takes, beside HiGHS and CP-SAT on the same orders: `oms bench routing`.

"search" is the exact search alone, from the problem in whole numbers to the optimum and its proof: what the
solvers do, who are timed by their solves alone. "plan" is the whole decision, from the snapshot to the
rechecked plan with its certificate and the hash of its input, without verdicts. Each solver has one thread
in a process of its own. The garbage collector runs between two plans, not within one, as in any program:
`plan()` sees to that.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from importlib.util import find_spec
from typing import Final

import click

from bench.goals import Run, shown
from bench.proof import prove
from bench.rivals import Rival
from bench.timed import Size, Timed, timed
from bench.timing import p50, p99

SIZES: Final = (
    Size(3, 20, 30), Size(5, 50, 30), Size(8, 50, 30), Size(5, 200, 12), Size(10, 100, 8), Size(5, 1000, 2),
    Size(3, 10_000, 0), Size(3, 20, 10, stepped=True), Size(5, 50, 5, stepped=True),
    Size(5, 200, 2, stepped=True),
)  # fmt: skip
_HEAD: Final = "lines × locations    |  search p50    p99 |    plan p50    p99"


@click.command()
@click.option("--orders", type=click.IntRange(min=1), default=50, show_default=True, help="Of each size.")
@click.option(
    "--runs", type=click.IntRange(min=1), default=1, show_default=True, help="Each of the same orders."
)
@click.option("--cp-sat", "python", help="A Python that has ortools; without it CP-SAT is left out.")
@click.option("--alone", is_flag=True, help="Without other solvers.")
@click.option(
    "--wall", is_flag=True, help="By the wall's clock; else by the processor's, as others may use it."
)
@click.option(
    "--locations", "most", type=click.IntRange(min=1), help="Leave out the sizes with more; all if not given."
)
@click.option(
    "--prove",
    "proofs",
    type=click.IntRange(min=1),
    help="Compare so many random mixes with HiGHS instead; time nothing.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The first of these mixes.")
def main(  # noqa: PLR0913 - as many as there are options
    *,
    orders: int,
    runs: int,
    python: str | None,
    alone: bool,
    wall: bool,
    most: int | None,
    proofs: int | None,
    seed: int,
) -> None:
    """Time the DOM beside HiGHS and CP-SAT, and its goals beside the figures.

    Milliseconds. Exits with 1 where an optimum differs, not for being slow.
    """
    if proofs:
        _needs_highs()
        prove(proofs, seed)
        return
    sizes = [size for size in SIZES if most is None or size.locations <= most]
    with ExitStack() as stack:
        rivals = [] if alone else _rivals(python)
        for rival in rivals:
            stack.enter_context(closing(rival))
        print(f"by the {'wall' if wall else 'processor'}'s clock, ms; CP-SAT: {python or 'not given'}")
        measured = [_run(number, sizes, orders, rivals, wall=wall) for number in range(1, runs + 1)]
    print("\ngoals: lowest / median / highest of the runs")
    for line in shown(measured):
        print(line)
    differing = [fault for run in measured for one in run.values() for fault in one.differing]
    for fault in differing:
        print(fault)
    if differing:
        raise SystemExit(1)


def _rivals(python: str | None) -> list[Rival]:
    _needs_highs()
    return [Rival.highs(), *([Rival.cp_sat(python)] if python else [])]


def _needs_highs() -> None:
    if find_spec("highspy") is None:
        raise click.ClickException(
            "HiGHS is not installed: its package highspy is one of the development requirements "
            "(make setup). Time the DOM alone with --alone."
        )


def _run(number: int, sizes: Sequence[Size], orders: int, rivals: Sequence[Rival], *, wall: bool) -> Run:
    names = "".join(f" | {rival.name + ' p50':>10} {'p99':>6}" for rival in rivals)
    print(f"\nrun {number}\n{_HEAD}{names} | proven", flush=True)
    run = {}
    for size in sizes:
        one = timed(size, orders, rivals, time.perf_counter if wall else time.process_time, by_cpu=not wall)
        print(_row(size, one), flush=True)
        run[size] = one
    return run


def _row(size: Size, one: Timed) -> str:
    theirs = "".join(
        f" | {p50(times):10.1f} {p99(times):6.0f}" if times else f" | {'-':>10} {'-':>6}"
        for times in one.rivals.values()
    )
    ours = f"{p50(one.search):11.2f} {p99(one.search):6.1f} | {p50(one.plan):11.2f} {p99(one.plan):6.1f}"
    return f"{size!s:20} | {ours}{theirs} | {one.proven}/{len(one.plan)}"


if __name__ == "__main__":
    main()
