"""What a plan says, apart from being the best: components, order, verdicts, limits."""

import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from routing import (
    FEWEST_SHIPMENTS,
    LOWEST_COST,
    Band,
    Destination,
    FulfillmentPlan,
    Network,
    PlanCheckError,
    Policy,
    RoutingInputError,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
    check_plan,
    plan,
    round_half_up,
)
from routing.rules import MaxShipments
from tests.routing.routing_cases import NOW, awkward_case, lifelike_case

GROUND = Service("ground", (Band(1000, Decimal(500), Decimal(100), Decimal(2)),))
ORDER = RoutingOrder((RoutingLine("l1", "A", 2, 250), RoutingLine("l2", "B", 1, 500)), Destination(0, 0))


def location(name: str, lat: float = 0.0, handling: str = "100", **more: object) -> RoutingLocation:
    return replace(RoutingLocation(name, "dc", lat, 0.0, Decimal(handling)), **more)  # type: ignore[arg-type]


def network(*locations: RoutingLocation, **stock: int) -> Network:
    """Stock is named location_sku."""
    held = {(key.split("_")[0], key.split("_")[1]): units for key, units in stock.items()}
    return Network(locations, held, (GROUND,))


def shuffled(whole: Network, seed: int) -> Network:
    dice = random.Random(seed)
    locations, services = list(whole.locations), list(whole.services)
    stock = list(whole.stock.items())
    for pile in (locations, services, stock):
        dice.shuffle(pile)
    return Network(tuple(locations), dict(stock), tuple(services))


def test_a_shipment_costs_handling_and_freight() -> None:
    place = location("w1", handling_per_unit=Decimal("10.5"))

    answer = plan(ORDER, network(place, w1_A=2, w1_B=1), now=NOW)

    (shipment,) = answer.shipments
    assert shipment.handling == Fraction("131.5")
    assert shipment.shipping == 600
    assert answer.objective == answer.cost == shipment.total == Fraction("731.5")
    assert round_half_up(shipment.total) == 732


def test_an_order_with_no_location_is_all_backorder() -> None:
    answer = plan(ORDER, network(), now=NOW)

    assert answer.shipments == ()
    assert [(b.line_id, b.quantity) for b in answer.backorders] == [("l1", 2), ("l2", 1)]
    assert answer.certificate.optimal
    assert answer.unsplit_cost is None


def test_equal_costs_take_fewer_shipments() -> None:
    # Apart: 0 + 500 each way. Together from w3: 500 handling + 500.
    places = location("w1", handling="0"), location("w2", handling="0"), location("w3", handling="500")

    answer = plan(ORDER, network(*places, w1_A=2, w2_B=1, w3_A=2, w3_B=1), now=NOW)

    assert [shipment.location_id for shipment in answer.shipments] == ["w3"]


def test_fewest_shipments_pays_any_freight_to_avoid_a_split() -> None:
    places = location("w1"), location("w2"), location("w3", handling="900000")
    whole = network(*places, w1_A=2, w2_B=1, w3_A=2, w3_B=1)

    cheapest = plan(ORDER, whole, LOWEST_COST, now=NOW)
    fewest = plan(ORDER, whole, FEWEST_SHIPMENTS, now=NOW)

    assert len(cheapest.shipments) == 2
    assert [shipment.location_id for shipment in fewest.shipments] == ["w3"]
    assert cheapest.unsplit_cost == fewest.cost


def test_an_opportunity_price_steers_but_is_not_charged() -> None:
    places = location("w1"), location("w2", handling="150")
    whole = network(*places, w1_A=2, w1_B=1, w2_A=2, w2_B=1)
    policy = Policy("scarce", opportunity_price={("B", "w1"): Decimal("50.5")})

    answer = plan(ORDER, whole, policy, now=NOW)

    assert [shipment.location_id for shipment in answer.shipments] == ["w2"]
    assert answer.objective == answer.cost == 750


def test_every_excluded_location_names_its_rule() -> None:
    places = (
        location("banned"),
        location("full", capacity=0, capacity_unit="orders"),
        location("empty"),
        location("far", lat=20.0),
        location("good"),
    )
    stock = dict.fromkeys(("banned_A", "full_A", "far_A", "good_A"), 9)
    policy = LOWEST_COST.never({"banned"})

    answer = plan(ORDER, network(*places, **stock), policy, now=NOW)

    rules = {verdict.location_id: (verdict.outcome, verdict.rule) for verdict in answer.verdicts}
    assert rules == {
        "banned": ("excluded", "excluded_by_policy"),
        "full": ("excluded", "capacity"),
        "empty": ("excluded", "no_stock"),
        "far": ("excluded", "not_served"),
        "good": ("chosen", None),
    }
    far = next(verdict for verdict in answer.verdicts if verdict.location_id == "far")
    assert far.number == pytest.approx(2223.9, abs=0.1)
    assert far.threshold == 1000


def test_a_band_reaches_up_to_and_with_its_limit() -> None:
    here = Service("here", (Band(Decimal(0), Decimal(1), Decimal(0), Decimal(1)),))
    whole = Network((location("w1"),), {("w1", "A"): 2, ("w1", "B"): 1}, (here,))

    answer = plan(ORDER, whole, now=NOW)

    assert answer.objective == 101


def test_a_node_limit_leaves_a_lawful_plan_and_an_honest_gap() -> None:
    order, whole, policy = lifelike_case(3, 10, 100, most=8, carried=0.5, stock=4)
    best = plan(order, whole, policy, now=NOW, explain=False)

    hasty = plan(order, whole, policy, now=NOW, node_limit=3)

    assert not hasty.certificate.optimal
    assert hasty.certificate.lower_bound <= best.objective <= hasty.objective
    assert hasty.certificate.gap == hasty.objective - hasty.certificate.lower_bound
    assert {v.extra_cost for v in hasty.verdicts} == {None}


def test_many_shallow_locations_end_in_a_plan() -> None:
    order = RoutingOrder((RoutingLine("l1", "A", 500, 100),), Destination(40.0, -100.0))
    _, whole, policy = lifelike_case(1, 1, 600)
    stock = {(place.id, "A"): 1 for place in whole.locations}

    answer = plan(order, replace(whole, stock=stock), policy, now=NOW, explain=False)

    assert answer.backorders == ()
    assert len(answer.shipments) == 500


def test_the_order_of_the_input_plays_no_part() -> None:
    for seed in range(40):
        order, whole, policy = awkward_case(seed)
        case = lifelike_case(seed, 4, 30, carried=0.3)

        assert plan(order, shuffled(whole, seed), policy, now=NOW) == plan(order, whole, policy, now=NOW)
        assert plan(case[0], shuffled(case[1], seed), case[2], now=NOW) == plan(*case, now=NOW)


def fingerprints() -> Iterator[str]:
    for seed in range(10):
        for case in (awkward_case(seed), lifelike_case(seed, 4, 30, carried=0.3)):
            yield repr(plan(*case, now=NOW))


def digest() -> str:
    return hashlib.sha256("".join(fingerprints()).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "4711"])
def test_another_hash_seed_gives_the_same_bytes(hash_seed: str) -> None:
    program = "import tests.routing.test_plan as facts; print(facts.digest())"

    run = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == digest()


def test_the_recheck_refuses_a_plan_that_was_tampered_with() -> None:
    whole = network(location("w1"), w1_A=2, w1_B=1)
    good = plan(ORDER, whole, now=NOW)
    (shipment,) = good.shipments
    lost = replace(shipment, lines=shipment.lines[:1])
    cheap = replace(shipment, handling=shipment.handling - 1)

    for bad in (
        replace(good, objective=good.objective - 1),
        replace(good, shipments=(lost,)),
        replace(good, shipments=(cheap,), objective=good.objective - 1),
    ):
        refused(bad, whole)
    refused(good, replace(whole, stock={("w1", "A"): 1, ("w1", "B"): 1}))
    refused(good, network(location("w1", capacity=2), w1_A=2, w1_B=1))


def refused(bad: FulfillmentPlan, whole: Network) -> None:
    with pytest.raises(PlanCheckError):
        check_plan(bad, ORDER, whole, LOWEST_COST)


def test_nonsense_is_refused_where_it_is_written() -> None:
    with pytest.raises(RoutingInputError, match="quantity"):
        RoutingLine("l1", "A", 0, 1)
    with pytest.raises(RoutingInputError, match="handling_cost"):
        location("w1", handling="-1")
    with pytest.raises(RoutingInputError, match="max_shipments"):
        MaxShipments(0)
    with pytest.raises(RoutingInputError, match="lat"):
        Destination(float("nan"), 0)


def test_the_timer_is_the_only_clock() -> None:
    ticks = iter((10.0, 12.5))

    timed = plan(ORDER, network(location("w1"), w1_A=2), now=NOW, timer=lambda: next(ticks))

    assert timed.certificate.seconds == 2.5
    assert plan(ORDER, network(), now=NOW).certificate.seconds == 0
