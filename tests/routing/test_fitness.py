"""A location is only asked for what it can do, and a plan that asks for more does not pass its recheck."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from routing import (
    LOWEST_COST,
    Band,
    Destination,
    Network,
    PlanCheckError,
    RegionRule,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
    TransferLeg,
    check_plan,
    plan,
)
from routing.pricing.filters import sift, within_reach

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LINE = RoutingLine("1", "MUG", 2, 400, flags=frozenset({"hazmat"}))
ORDER = RoutingOrder((LINE,), Destination(52.5, 13.4, "10 115", country="DE", region="BE"))
PICKUP = replace(ORDER, method="pickup", pickup_location="store")
PLACE = RoutingLocation("a", "dc", 50.1, 8.7, Decimal(100))
STORE = replace(PLACE, id="store", kind="store")
GROUND = Service("ground", (Band(Decimal("Infinity"), Decimal(500), Decimal(100), Decimal(2)),))
LEG = TransferLeg("a", "store", Decimal(200))


def network(*places: RoutingLocation) -> Network:
    return Network(places, {("a", "MUG"): 9}, (GROUND,), transfers=(LEG,))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"offline": True}, "takes no work"),
        ({"cool_off_until": NOW + timedelta(seconds=1)}, "takes no work"),
        ({"methods": frozenset({"pickup"})}, "does not offer ship"),
        ({"handles": frozenset({"oversize"})}, "does not handle hazmat"),
        ({"services": frozenset({"air"})}, "does not reach"),
        ({"serves": RegionRule(countries=frozenset({"FR", "US"}))}, "does not send there"),
        ({"serves": RegionRule(regions=frozenset({"BB"}))}, "does not send there"),
        ({"serves": RegionRule(postal_prefixes=("11", "1 2"))}, "does not send there"),
        ({"serves": RegionRule(not_countries=frozenset({"DE"}))}, "does not send there"),
        ({"serves": RegionRule(not_regions=frozenset({"BE"}))}, "does not send there"),
        ({"serves": RegionRule(not_postal_prefixes=("1 0",))}, "does not send there"),
    ],
)
def test_what_the_filter_keeps_out_the_recheck_refuses_as_well(facts: dict[str, Any], said: str) -> None:
    made = plan(ORDER, network(PLACE), now=NOW)
    unfit = network(replace(PLACE, **facts))

    candidates, _ = sift(ORDER, unfit, LOWEST_COST, NOW)

    assert made.shipments
    assert not candidates
    with pytest.raises(PlanCheckError, match=said):
        check_plan(made, ORDER, unfit, LOWEST_COST)


@pytest.mark.parametrize(
    "facts",
    [
        {"cool_off_until": NOW},
        {"handles": frozenset({"hazmat", "oversize"})},
        {"serves": RegionRule(countries=frozenset({"DE"}), postal_prefixes=("1 01",))},
        {"serves": RegionRule(not_countries=frozenset({"de"}), not_postal_prefixes=("102",))},
    ],
)
def test_what_the_filter_lets_pass_the_recheck_does(facts: dict[str, Any]) -> None:
    assert plan(ORDER, network(replace(PLACE, **facts)), now=NOW).shipments


@pytest.mark.parametrize(
    "facts",
    [
        {"offline": True},
        {"cool_off_until": NOW + timedelta(hours=1)},
        {"methods": frozenset({"ship"})},
    ],
)
def test_nothing_is_brought_to_a_store_that_cannot_hand_it_out(facts: dict[str, Any]) -> None:
    open_store, shut = network(PLACE, STORE), network(PLACE, replace(STORE, **facts))
    made = plan(PICKUP, open_store, now=NOW)

    verdicts = {one.location_id: one.rule for one in plan(PICKUP, shut, now=NOW).verdicts}

    assert [one.service for one in made.shipments] == ["transfer"]
    assert verdicts["a"] == "no_transfer"
    assert "a" not in within_reach(PICKUP, shut, NOW)
    with pytest.raises(PlanCheckError):
        check_plan(made, PICKUP, shut, LOWEST_COST)
