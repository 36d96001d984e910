"""What a person is offered: the best plans, ranked, each once, and what each location lacks."""

from datetime import UTC, datetime

import pytest

from routing import LOWEST_COST, Network, Policy, RoutingOrder, Suggestion, plan, standings, suggest
from tests.routing.routing_cases import awkward_case

NOW = datetime(2025, 1, 6, tzinfo=UTC)
SEEDS = range(60)


def offered(seed: int) -> tuple[RoutingOrder, Network, Policy, tuple[Suggestion, ...]]:
    order, network, _ = awkward_case(seed)
    return order, network, LOWEST_COST, suggest(order, network, LOWEST_COST, now=NOW)


def rank(one: Suggestion) -> tuple[object, ...]:
    return one.waiting, one.plan.cost, len(one.plan.shipments)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_is_as_good_as_any_plan_and_the_rest_follow_in_order(seed: int) -> None:
    order, network, policy, suggestions = offered(seed)
    best = plan(order, network, policy, now=NOW)

    assert bool(suggestions) == bool(best.shipments)
    assert [rank(one) for one in suggestions] == sorted(rank(one) for one in suggestions)
    if suggestions:
        assert suggestions[0].waiting == sum(line.quantity for line in best.backorders)
        assert suggestions[0].plan.cost == best.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_ask_the_same_of_the_same_locations(seed: int) -> None:
    *_, suggestions = offered(seed)
    plans = [tuple((s.location_id, s.service, s.lines) for s in one.plan.shipments) for one in suggestions]

    assert len(set(plans)) == len(plans)


@pytest.mark.parametrize("seed", SEEDS)
def test_single_locations_have_everything_and_lack_nothing(seed: int) -> None:
    order, network, policy, suggestions = offered(seed)
    lacking = {one.location_id: one.lacks for one in standings(order, network, policy, now=NOW)}

    for one in suggestions:
        if one.source == "single_location":
            (shipment,) = one.plan.shipments
            assert one.waiting == 0
            assert lacking[shipment.location_id] == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_location_that_is_ruled_out_is_in_no_suggestion(seed: int) -> None:
    order, network, _, suggestions = offered(seed)
    if not suggestions:
        return
    out = suggestions[0].plan.shipments[0].location_id
    limits = LOWEST_COST.never({out})

    again = suggest(order, network, limits, now=NOW)

    assert all(shipment.location_id != out for one in again for shipment in one.plan.shipments)
    rules = {one.location_id: one.rule for one in standings(order, network, limits, now=NOW)}
    assert rules[out] == "excluded_by_policy"
