"""Where capacities and shared stock couple demands, the search finds what trying every plan finds."""

import pytest

from routing.record.explain import dearer_verdicts
from routing.search import depth_first
from routing.search.depth_first import Search
from routing.search.dual import Dual
from routing.search.solve import solve
from tests.routing.coupled_instances import best_coupled_total, coupled_instance

CASES = range(2000)


@pytest.fixture(params=[1, 12], ids=["every node has its own bound", "only wide nodes have"], autouse=True)
def _sharpening(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth_first, "WORTH_SHARPENING", request.param)


@pytest.mark.parametrize("block", range(4))
def test_the_search_needs_no_good_start_to_find_the_best_plan(block: int) -> None:
    for seed in CASES[block::4]:
        instance = coupled_instance(seed)
        search = Search(instance, below=instance.ceiling, node_limit=100_000)

        found = search.run(instance.options, Dual(instance.options, instance).ascend())

        assert found.complete
        assert min(found.total, instance.nothing) == best_coupled_total(instance), seed


def test_a_location_forced_into_a_coupled_plan_costs_what_its_best_plan_costs_more() -> None:
    for seed in CASES[::5]:
        instance = coupled_instance(seed)
        solution = solve(instance, 100_000)
        idle = sorted({o.location for o in instance.options} - {o.location for o in solution.taken})

        verdicts = dearer_verdicts(instance, solution, list(map(str, range(5))), set())

        by_location = {int(verdict.location_id): verdict for verdict in verdicts}
        for at in idle:
            best, verdict = best_coupled_total(instance, at), by_location[at]
            assert best is not None
            if verdict.rule == "more_backorders":
                assert instance.left_behind(best) > instance.left_behind(solution.total), seed
            else:
                assert verdict.extra_cost == best - solution.total, seed
