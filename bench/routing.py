"""How long routing takes, beside HiGHS on the same orders: `oms bench routing`, `python -m bench.routing`.

Both solve the same instance. "plan" is the whole decision from the snapshot to the rechecked plan with its
certificate, without verdicts; "HiGHS" is its solve alone, on one thread, without building the model.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import click

from bench.instances import NOW, Instance, parcel_instance
from bench.timing import p50, p99
from routing import plan

SIZES: Final = ((3, 20), (5, 50), (8, 50), (5, 200), (10, 100), (5, 1000), (3, 10_000))
HIGHS_UP_TO: Final = 1000  # locations; beyond them it takes minutes
CARRIED: Final = (0.3, 0.6)  # share of locations that carry a product

Solve = Callable[[Instance], tuple[float, float]]


@click.command()
@click.option("--orders", type=click.IntRange(min=1), default=50, show_default=True, help="Of each size.")
@click.option("--highs", type=click.IntRange(min=0), default=20, show_default=True, help="By HiGHS too.")
@click.option(
    "--locations", "most", type=click.IntRange(min=1), help="Leave out the sizes with more; all if not given."
)
def main(orders: int, highs: int, most: int | None) -> None:
    """Time the DOM beside HiGHS.

    Prints p50 and p99 in milliseconds for every size, and how many objectives differ.
    """
    solve = _solver() if highs else None
    print("lines × locations, carried |  plan p50   p99 | HiGHS p50   p99 | × p50 | proven | differ")
    for lines, locations in [size for size in SIZES if most is None or size[1] <= most]:
        for carried in CARRIED:
            instances = [parcel_instance(seed, lines, locations, carried=carried) for seed in range(orders)]
            asked = highs if locations <= HIGHS_UP_TO else 0
            print(_row(f"{lines} × {locations}, {carried}", instances, asked, solve), flush=True)


def _solver() -> Solve:
    try:
        from bench.highs import highs_solve  # noqa: PLC0415 (it is installed for development only)
    except ImportError as error:
        raise click.ClickException(
            "HiGHS is not installed: its package highspy is one of the development requirements "
            "(make setup). Time the DOM alone with --highs 0."
        ) from error
    return highs_solve


def _row(name: str, instances: Sequence[Instance], asked: int, solve: Solve | None) -> str:
    ours, theirs, proven, differ = [], [], 0, 0
    for number, instance in enumerate(instances):
        began = time.perf_counter()
        answer = plan(*instance, now=NOW, explain=False)
        ours.append(1000 * (time.perf_counter() - began))
        proven += answer.certificate.optimal
        if solve is not None and number < asked:
            objective, seconds = solve(instance)
            theirs.append(1000 * seconds)
            differ += abs(objective - float(answer.objective)) > 1e-6 * abs(objective)
    beside = f"{p50(theirs):9.1f} {p99(theirs):6.0f} | {p50(theirs) / p50(ours):5.0f}" if theirs else " " * 24
    return f"{name:26} | {p50(ours):9.2f} {p99(ours):6.1f} | {beside} | {proven}/{len(instances)} | {differ}"


if __name__ == "__main__":
    main()
