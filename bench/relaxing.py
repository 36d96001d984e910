"""Which soft rules have to go, decided by HiGHS's optima alone."""

from dataclasses import replace

from bench.instances import Instance
from bench.programme import Optimum, optimum
from routing.rules import Rule


def relaxed_optimum(instance: Instance) -> tuple[Optimum | None, list[str]]:
    """The best plan once as many units ship as do without soft rules, and the names of those given up.

    They go in the policy's order; whichever was not in the way comes back, the last that went first.
    """
    order, network, policy = instance
    best = optimum(order, network, policy)
    soft = [rule for rule in policy.rules if rule.soft]
    if best is None or not soft or not best.waiting:
        return best, []
    fewest = _without(instance, soft)
    gone: list[Rule] = []
    while fewest is not None and best is not None and best.waiting > fewest.waiting:
        gone.append(soft[len(gone)])
        best = _without(instance, gone)
    for rule in list(reversed(gone))[1:]:
        fewer = [other for other in gone if other is not rule]
        again = _without(instance, fewer)
        if again is not None and fewest is not None and again.waiting <= fewest.waiting:
            gone, best = fewer, again
    return best, [rule.name for rule in gone]


def _without(instance: Instance, rules: list[Rule]) -> Optimum | None:
    order, network, policy = instance
    kept = tuple(rule for rule in policy.rules if all(rule is not other for other in rules))
    return optimum(order, network, replace(policy, rules=kept))
