"""CP-SAT in a process of its own, by whatever Python has `ortools`: problems in, answers out, a line each.

This file runs alone, outside of this project's environment.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any

SECONDS = 120.0


def main() -> None:
    """Answer until the input ends."""
    cp_model = import_module("ortools.sat.python.cp_model")
    for line in sys.stdin:
        print(json.dumps(solve(cp_model, json.loads(line))), flush=True)


def solve(cp_model: Any, problem: dict[str, Any]) -> dict[str, Any]:
    """The total, whether it is proven, and the seconds of the solve by both clocks; the model's apart."""
    began = time.perf_counter()
    model = cp_model.CpModel()
    costs = []
    arriving: list[list[Any]] = [[] for _ in problem["wanted"]]
    opens: dict[int, list[Any]] = {}
    for way in problem["ways"]:
        open_ = model.new_bool_var("")
        opens.setdefault(way["location"], []).append(open_)
        costs.append(way["fixed"] * open_)
        weight = 0
        for at, (cost, most) in enumerate(zip(way["each"], way["supply"], strict=True)):
            if most:
                load = model.new_int_var(0, most, "")
                model.add(load <= most * open_)
                arriving[at].append(load)
                costs.append(cost * load)
                weight += problem["grams"][at] * load
        if way["up_to_g"] is not None:
            model.add(weight <= way["up_to_g"] * open_)
        if way["over_g"] is not None:
            model.add(weight >= (way["over_g"] + 1) * open_)
    for same in opens.values():
        model.add_at_most_one(same)
    model.add(sum(open_ for same in opens.values() for open_ in same) <= problem["most"])
    for parts, wanted in zip(arriving, problem["wanted"], strict=True):
        wait = model.new_int_var(0, wanted, "")
        model.add(sum(parts) + wait == wanted)
        costs.append(problem["waiting"] * wait)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = SECONDS
    ready, ready_cpu = time.perf_counter(), time.process_time()
    status = solver.solve(model)
    return {
        "total": round(solver.objective_value),
        "proven": status == cp_model.OPTIMAL,
        "seconds": time.perf_counter() - ready,
        "cpu": time.process_time() - ready_cpu,
        "model": ready - began,
    }


if __name__ == "__main__":
    main()
