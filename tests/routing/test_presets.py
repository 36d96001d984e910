"""Each preset does what its name says, beside a statement of it in other words."""

import random
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest

from api.suggested import WHY
from config.settings import RoutingPreset, Settings
from routing import PRESETS, FulfillmentPlan, Network, Policy, RoutingLocation, RoutingOrder, plan
from tests.routing.routing_cases import NOW, lifelike_case

SEEDS = range(12)


def case(seed: int) -> tuple[RoutingOrder, Network]:
    """Three lines over eight locations, each with a rank of its own; some products are scarce."""
    order, network, _ = lifelike_case(seed, 3, 8, carried=0.6, stock=3)
    ranks = random.Random(seed).sample(range(8), 8)
    places = tuple(replace(one, priority=rank) for one, rank in zip(network.locations, ranks, strict=True))
    return order, replace(network, locations=places)


def planned(policy: str | Policy, seed: int) -> FulfillmentPlan:
    order, network = case(seed)
    chosen = PRESETS[policy] if isinstance(policy, str) else policy
    return plan(order, network, chosen, now=NOW, explain=False)


def waiting(answer: FulfillmentPlan) -> int:
    return sum(line.quantity for line in answer.backorders)


def test_the_settings_and_the_suggestions_know_the_presets() -> None:
    named = RoutingPreset.__args__  # type: ignore[attr-defined]

    assert set(named) == set(PRESETS) == set(WHY)
    assert Settings().routing_policy == "lowest_cost"


@pytest.mark.parametrize("seed", SEEDS)
def test_no_preset_is_cheaper_than_lowest_cost_nor_sends_fewer_than_fewest_shipments(seed: int) -> None:
    answers = {name: planned(name, seed) for name in PRESETS}

    assert all(waiting(one) == waiting(answers["lowest_cost"]) for one in answers.values())
    assert min(one.cost for one in answers.values()) == answers["lowest_cost"].cost
    fewest = min(len(one.shipments) for one in answers.values())
    assert fewest == len(answers["fewest_shipments"].shipments)


@pytest.mark.parametrize("seed", SEEDS)
def test_fastest_brings_the_units_in_the_fewest_days(seed: int) -> None:
    def unit_days(answer: FulfillmentPlan) -> Decimal:
        return sum((s.transit_days * sum(p.quantity for p in s.lines) for s in answer.shipments), Decimal(0))

    answers = {name: planned(name, seed) for name in PRESETS}

    assert min(map(unit_days, answers.values())) == unit_days(answers["fastest"])


@pytest.mark.parametrize("seed", SEEDS)
def test_all_in_one_first_takes_one_location_where_one_has_everything_else_the_cheapest(seed: int) -> None:
    order, network = case(seed)
    complete = [
        place.id
        for place in network.locations
        if all(network.stock.get((place.id, line.sku), 0) >= line.quantity for line in order.lines)
    ]

    answer = planned("all_in_one_first", seed)

    if complete:
        (shipment,) = answer.shipments
        assert shipment.location_id in complete
        assert answer.relaxed == ()
    else:
        assert answer.shipments == planned("lowest_cost", seed).shipments


@pytest.mark.parametrize("seed", SEEDS)
def test_priority_list_is_the_walk(seed: int) -> None:
    order, network = case(seed)
    walked: dict[tuple[str, str], int] = {}
    wanted = {line.sku: line.quantity for line in order.lines}
    for place in sorted(network.locations, key=_rank):
        for sku, units in wanted.items():
            given = min(units, network.stock.get((place.id, sku), 0))
            if given:
                walked[place.id, sku] = given
                wanted[sku] = units - given

    answer = planned("priority_list", seed)

    sent = {(s.location_id, part.sku): part.quantity for s in answer.shipments for part in s.lines}
    assert sent == walked
    assert waiting(answer) == sum(wanted.values())


def _rank(place: RoutingLocation) -> int:
    assert place.priority is not None
    return place.priority


@pytest.mark.parametrize("seed", SEEDS)
def test_fewest_then_nearest_is_the_smallest_set_that_serves_as_much_with_least_km(
    seed: int,
) -> None:
    order, network = case(seed)
    places = [place.id for place in network.locations]
    km = {place: _km(network, order, place) for place in places}

    def served(chosen: tuple[str, ...]) -> int:
        have = {line.sku: sum(network.stock.get((p, line.sku), 0) for p in chosen) for line in order.lines}
        return sum(min(line.quantity, have[line.sku]) for line in order.lines)

    most = served(tuple(places))
    sets = [one for size in range(9) for one in combinations(places, size) if served(one) == most]
    size = min(map(len, sets))
    best = min((one for one in sets if len(one) == size), key=lambda one: sum(km[place] for place in one))

    answer = planned("fewest_then_nearest", seed)

    assert {shipment.location_id for shipment in answer.shipments} == set(best)


def _km(network: Network, order: RoutingOrder, place: str) -> float:
    """The distance that a plan of this location alone says."""
    (alone,) = (one for one in network.locations if one.id == place)
    stock = {(place, line.sku): 9 for line in order.lines}
    (shipment,) = plan(
        order, replace(network, locations=(alone,), stock=stock), now=NOW, explain=False
    ).shipments
    return shipment.km
