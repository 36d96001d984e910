"""HiGHS in a process of its own: a problem a line comes in as JSON, its answer goes out."""

import json
import sys
import time
from typing import Final

import highspy

_OPTIONS: Final = (
    ("output_flag", False),
    ("threads", 1),
    ("mip_rel_gap", 0.0),
    ("mip_abs_gap", 1e-7),
    ("time_limit", 120.0),
)
_SCALE: Final = 1e-5  # whole numbers to minor units, in which the tolerances are meant


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        print(json.dumps(solve(json.loads(line))), flush=True)


def solve(problem: dict) -> dict:  # type: ignore[type-arg]
    """The total, whether it is proven, and the seconds of the solve by both clocks; the model's apart."""
    began = time.perf_counter()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in _OPTIONS:
        solver.setOptionValue(option, value)
    solver.setOptionValue("presolve", problem.get("presolve", "choose"))
    arriving: list[list[highspy.highs.highs_var]] = [[] for _ in problem["wanted"]]
    opens: dict[int, list[highspy.highs.highs_var]] = {}
    for way in problem["ways"]:
        open_ = solver.addBinary(obj=way["fixed"] * _SCALE)
        opens.setdefault(way["location"], []).append(open_)
        loads = []
        for at, (cost, most) in enumerate(zip(way["each"], way["supply"], strict=True)):
            if most:
                load = solver.addVariable(0, most, cost * _SCALE, highspy.HighsVarType.kInteger)
                solver.addConstr(load - most * open_ <= 0)
                arriving[at].append(load)
                loads.append((load, problem["grams"][at]))
        weight = solver.qsum(load * grams for load, grams in loads)
        if way["up_to_g"] is not None:
            solver.addConstr(weight - way["up_to_g"] * open_ <= 0)
        if way["over_g"] is not None:
            solver.addConstr(weight - (way["over_g"] + 1) * open_ >= 0)
    for same in opens.values():
        solver.addConstr(solver.qsum(same) <= 1)
    solver.addConstr(solver.qsum(open_ for same in opens.values() for open_ in same) <= problem["most"])
    for parts, wanted in zip(arriving, problem["wanted"], strict=True):
        wait = solver.addVariable(0, wanted, problem["waiting"] * _SCALE)
        solver.addConstr(solver.qsum(parts) + wait == wanted)
    ready, ready_cpu = time.perf_counter(), time.process_time()
    solver.run()
    return {
        "total": round(solver.getInfo().objective_function_value / _SCALE),
        "proven": solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        "seconds": time.perf_counter() - ready,
        "cpu": time.process_time() - ready_cpu,
        "model": ready - began,
    }


if __name__ == "__main__":
    main()
