"""Random mixes of rules, terms and rates, each answered twice: by routing, and by HiGHS in other words."""

import time
from collections import Counter
from typing import Final

import click

from bench.instances import NOW, Instance
from bench.met import ANSWERS, KINDS, answered, asked, never_met
from bench.mixes import mixed_instance
from routing import FulfillmentPlan, plan

TOLERANCE: Final = 1e-6  # minor units
MEETS_ALL: Final = 1000  # instances that have to meet every kind
_EVERY: Final = 500  # instances between two lines of progress


def prove(count: int, seed: int = 0) -> None:
    """Compare so many instances from a seed on.

    Prints each that differs and how often every kind was met; exits with 1 if any differs, or if a
    kind was never met where there was time for all.
    """
    began = time.perf_counter()
    differing = 0
    met: Counter[str] = Counter()
    for number in range(seed, seed + count):
        instance = mixed_instance(number)
        answer = plan(*instance, now=NOW, explain=False)
        met.update((*asked(instance), *answered(answer)))
        if fault := difference(instance, answer):
            differing += 1
            click.echo(f"seed {number}: {fault}")
        if (number + 1 - seed) % _EVERY == 0:
            seconds = time.perf_counter() - began
            click.echo(f"{number + 1 - seed} compared, {differing} differ, {seconds:.0f} s")
    click.echo("\nmet in so many of them:")
    for kind in (*KINDS, *ANSWERS):
        click.echo(f"{met[kind]:6}  {kind}")
    missing = never_met(met, (*KINDS, *ANSWERS))
    click.echo(
        f"\n{count} random instances from seed {seed}: {count - differing} equal to HiGHS within "
        f"{TOLERANCE}, {differing} not; never met: {', '.join(missing) or 'none'}"
    )
    if differing or (missing and count >= MEETS_ALL):
        raise SystemExit(1)


def difference(instance: Instance, answer: FulfillmentPlan) -> str | None:
    """In what a plan differs from HiGHS's optimum, or what it does not prove."""
    from bench.relaxing import relaxed_optimum  # noqa: PLC0415 - timing alone needs no solver

    best, given_up = relaxed_optimum(instance)
    if not answer.certificate.optimal:
        return f"not proven: a gap of {float(answer.certificate.gap)}"
    if best is None:
        return "HiGHS finds no plan"
    if list(answer.relaxed) != given_up:
        return f"gave up {list(answer.relaxed)}, HiGHS {given_up}"
    waiting = sum(line.quantity for line in answer.backorders)
    same_units = instance[2].backorder_penalty is not None or waiting == best.waiting
    if same_units and abs(answer.objective - best.objective) <= TOLERANCE:
        return None
    return f"{waiting} waiting at {float(answer.objective)}, HiGHS {best.waiting} at {float(best.objective)}"
