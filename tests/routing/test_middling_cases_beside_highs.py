"""A general solver, asked the same question in other words, finds nothing better and nothing else."""

import random
from dataclasses import replace

import pytest

from routing import Network, plan
from routing.rules import MaxShipments
from tests.routing.highs_model import highs_objective
from tests.routing.routing_cases import NOW, Case, lifelike_case

SIZES = ((3, 20), (5, 50), (8, 50))


def with_unit_capacities(case: Case, seed: int) -> Case:
    order, network, policy = case
    dice = random.Random(seed)
    locations = tuple(replace(at, capacity=dice.choice((None, 2, 4))) for at in network.locations)
    return order, Network(locations, network.stock, network.services), policy


@pytest.mark.parametrize(("lines", "locations"), SIZES)
@pytest.mark.parametrize("carried", [0.25, 0.6])
def test_uncapped_plans_cost_what_highs_says(lines: int, locations: int, carried: float) -> None:
    for seed in range(10):
        case = lifelike_case(seed, lines, locations, carried=carried)
        waiting, objective = highs_objective(*case)

        answer = plan(*case, now=NOW, explain=False)

        assert sum(backorder.quantity for backorder in answer.backorders) == waiting
        assert float(answer.objective) == pytest.approx(objective, rel=1e-6), seed
        assert answer.certificate.optimal


@pytest.mark.parametrize(("lines", "locations"), SIZES)
def test_plans_of_at_most_two_shipments_cost_what_highs_says(lines: int, locations: int) -> None:
    for seed in range(8):
        order, network, policy = lifelike_case(seed, lines, locations, carried=0.25)
        case = order, network, replace(policy, rules=(MaxShipments(2),))
        waiting, objective = highs_objective(*case)

        answer = plan(*case, now=NOW, explain=False)

        assert sum(backorder.quantity for backorder in answer.backorders) == waiting
        assert float(answer.objective) == pytest.approx(objective, rel=1e-6), seed


@pytest.mark.parametrize(("lines", "locations"), SIZES)
def test_plans_under_unit_capacities_cost_what_highs_says(lines: int, locations: int) -> None:
    for seed in range(8):
        case = with_unit_capacities(lifelike_case(seed, lines, locations, carried=0.5), seed)
        waiting, objective = highs_objective(*case)

        answer = plan(*case, now=NOW, explain=False)

        assert sum(backorder.quantity for backorder in answer.backorders) == waiting
        assert float(answer.objective) == pytest.approx(objective, rel=1e-6), seed
        assert answer.certificate.optimal


@pytest.mark.parametrize("limited", [False, True], ids=["ample capacity", "unit capacities"])
def test_a_dearer_location_costs_what_highs_says_when_forced(limited: bool) -> None:  # noqa: FBT001
    for seed in range(6):
        case = lifelike_case(seed, 5, 20, carried=0.4)
        case = with_unit_capacities(case, seed) if limited else case

        answer = plan(*case, now=NOW)

        dearer = [verdict for verdict in answer.verdicts if verdict.outcome == "dearer"]
        for verdict in dearer[seed % 3 :: 3]:
            _, forced = highs_objective(*case, must_ship=verdict.location_id)
            assert verdict.extra_cost is not None
            assert float(answer.objective + verdict.extra_cost) == pytest.approx(forced, rel=1e-6)
