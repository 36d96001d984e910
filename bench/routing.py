"""How long routing takes, beside HiGHS on the same orders: `python -m bench.routing`.

Both solve the same instance. "plan" is the whole decision from the snapshot to the rechecked plan with its
certificate, without verdicts; "HiGHS" is its solve alone, on one thread, without building the model.
"""

import argparse
import statistics
import time
from collections.abc import Sequence

from routing import plan
from tests.routing.highs_model import highs_solve
from tests.routing.routing_cases import NOW, Case, lifelike_case

SIZES = ((3, 20), (5, 50), (8, 50), (5, 200), (10, 100), (5, 1000), (3, 10_000))
HIGHS_UP_TO = 1000  # locations; beyond them it takes minutes
CARRIED = (0.3, 0.6)  # share of locations that carry a product


def main(arguments: Sequence[str] | None = None) -> None:
    """Print p50 and p99 in milliseconds for every size, and by how much the objectives differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=50, help="orders of each size")
    parser.add_argument("--highs", type=int, default=20, help="how many of them HiGHS solves too")
    options = parser.parse_args(arguments)
    print("lines × locations, carried |  plan p50   p99 | HiGHS p50   p99 | × p50 | proven | differ")
    for lines, locations in SIZES:
        for carried in CARRIED:
            cases = [lifelike_case(seed, lines, locations, carried=carried) for seed in range(options.orders)]
            asked = options.highs if locations <= HIGHS_UP_TO else 0
            print(_row(f"{lines} × {locations}, {carried}", cases, asked), flush=True)


def _row(name: str, cases: Sequence[Case], asked: int) -> str:
    ours, theirs, proven, differ = [], [], 0, 0
    for number, case in enumerate(cases):
        began = time.perf_counter()
        answer = plan(*case, now=NOW, explain=False)
        ours.append(1000 * (time.perf_counter() - began))
        proven += answer.certificate.optimal
        if number < asked:
            _, objective, seconds = highs_solve(*case)
            theirs.append(1000 * seconds)
            differ += abs(objective - float(answer.objective)) > 1e-6 * abs(objective)
    beside = (
        f"{_p50(theirs):9.1f} {_p99(theirs):6.0f} | {_p50(theirs) / _p50(ours):5.0f}" if theirs else " " * 24
    )
    return f"{name:26} | {_p50(ours):9.2f} {_p99(ours):6.1f} | {beside} | {proven}/{len(cases)} | {differ}"


def _p50(times: Sequence[float]) -> float:
    return statistics.median(times)


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(0.99 * (len(times) - 1) + 0.5)]


if __name__ == "__main__":
    main()
