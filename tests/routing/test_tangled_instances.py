"""Where weight breaks, whole lines, least values and completeness tangle demands, trying all agrees."""

import pytest

from routing.search import depth_first, distribute, solve
from tests.routing.tangled_instances import best_total, tangled_instance

CASES = range(600)


@pytest.mark.parametrize("wide", [1, 12], ids=["every node has its own bound", "only wide nodes have"])
@pytest.mark.parametrize("block", range(6))
def test_tangled_plans_are_the_best_of_all_plans(
    block: int, wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depth_first, "WORTH_SHARPENING", wide)
    monkeypatch.setattr(solve, "WORTH_SHARPENING", wide)
    for seed in CASES[block::6]:
        instance = tangled_instance(seed)

        solution = solve.solve(instance, 100_000)

        expected = best_total(instance)
        if instance.refusal is not None:
            expected = instance.refusal if expected is None else min(expected, instance.refusal)
        assert solution.total == expected, seed
        assert solution.optimal
        assert solution.proof == "search"


@pytest.mark.parametrize("block", range(6))
def test_the_general_solver_finishes_what_is_too_tangled_to_try(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distribute, "MOST_TRIALS", 0)
    for seed in CASES[block::12]:
        instance = tangled_instance(seed)

        solution = solve.solve(instance, 100_000)

        assert solution.optimal, seed
        assert solution.total == best_total(instance), seed
