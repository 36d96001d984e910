"""Whatever the search does, every small case has the answer that trying everything gives."""

import pytest

from routing import plan
from routing.search import depth_first, solve
from tests.routing.brute_force import best_plans
from tests.routing.routing_cases import NOW, awkward_case

CASES = range(500)


@pytest.fixture(params=[1, 12], ids=["every node has its own bound", "only wide nodes have"], autouse=True)
def _sharpening(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small cases have no wide nodes: let them take the wide nodes' path as well."""
    monkeypatch.setattr(depth_first, "WORTH_SHARPENING", request.param)
    monkeypatch.setattr(solve, "WORTH_SHARPENING", request.param)


@pytest.mark.parametrize("block", range(10))
def test_small_plans_are_the_best_of_all_plans(block: int) -> None:
    for seed in CASES[block::10]:
        order, network, policy = awkward_case(seed)
        (left_behind, objective), _, _ = best_plans(order, network, policy)

        answer = plan(order, network, policy, now=NOW, explain=False)

        assert sum(b.quantity for b in answer.backorders) == left_behind, seed
        assert answer.objective == objective, seed
        assert answer.certificate.optimal
        assert answer.certificate.gap == 0


@pytest.mark.parametrize("block", range(10))
def test_every_dearer_location_costs_what_its_best_plan_costs_more(block: int) -> None:
    for seed in CASES[block::10]:
        order, network, policy = awkward_case(seed)
        (left_behind, objective), using, _ = best_plans(order, network, policy)

        answer = plan(order, network, policy, now=NOW)

        assert len(answer.verdicts) == len(network.locations)
        shipping = {shipment.location_id for shipment in answer.shipments}
        for verdict in answer.verdicts:
            best = using.get(verdict.location_id)
            if verdict.outcome == "chosen":
                assert verdict.location_id in shipping
            elif verdict.outcome == "excluded":
                assert best is None, seed
            elif verdict.rule == "more_backorders":
                assert best is None or best[0] > left_behind, seed
            else:
                assert best == (left_behind, objective + (verdict.extra_cost or 0)), seed


@pytest.mark.parametrize("block", range(10))
def test_the_unsplit_cost_is_that_of_the_best_single_shipment(block: int) -> None:
    for seed in CASES[block::10]:
        order, network, policy = awkward_case(seed)
        (left_behind, _), _, unsplit = best_plans(order, network, policy)

        answer = plan(order, network, policy, now=NOW)

        as_good = unsplit is not None and unsplit[0] == left_behind
        assert answer.unsplit_cost == (unsplit[1] if as_good and unsplit else None), seed
