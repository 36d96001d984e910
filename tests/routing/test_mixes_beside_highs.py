"""Under any mix of rules, terms, rates and facts, a general solver finds the same optimum in other words."""

from collections import Counter

import pytest

from bench.met import KINDS, asked, never_met
from bench.mixes import mixed_instance
from bench.programme import optimum
from bench.proof import difference
from routing import plan
from tests.routing.routing_cases import NOW

MIXES = 150


def test_the_mixes_are_of_every_kind() -> None:
    met = Counter(kind for seed in range(MIXES) for kind in asked(mixed_instance(seed)))

    assert never_met(met, KINDS) == []


@pytest.mark.parametrize("block", range(10))
def test_plans_of_any_mix_cost_what_highs_says(block: int) -> None:
    for seed in range(block, MIXES, 10):
        instance = mixed_instance(seed)

        answer = plan(*instance, now=NOW, explain=False)

        assert difference(instance, answer) is None, seed


@pytest.mark.parametrize("block", range(5))
def test_a_location_forced_into_any_mix_costs_what_highs_says(block: int) -> None:
    for seed in range(block, 60, 5):
        order, network, policy = mixed_instance(seed, (3, 8))

        answer = plan(order, network, policy, now=NOW)

        waiting = sum(line.quantity for line in answer.backorders)
        for verdict in answer.verdicts:
            if verdict.outcome == "dearer" and not answer.relaxed:
                forced = optimum(order, network, policy, verdict.location_id)
                if verdict.extra_cost is None:
                    assert verdict.rule == "more_backorders"
                    assert forced is None or forced.waiting > waiting, seed
                else:
                    assert forced is not None
                    assert abs(answer.objective + verdict.extra_cost - forced.objective) <= 1e-6, seed
