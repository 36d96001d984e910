"""Each policy of docs/policies, read from its file, does something that the cheapest plan does not."""

from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from adapters.policies import from_yaml, to_yaml
from routing import LOWEST_COST, Network, RoutingOrder, plan
from routing.model.case import Case
from routing.model.network import StockPosition
from routing.rules import RULES
from routing.terms import TERMS
from tests.policies.little_network import NOW, Sent, network, order, place, sent

FOLDER = Path(__file__).parents[2] / "docs" / "policies"
AB = {"A": 1, "B": 1}
NEAR = place("near")
FAR = place("far", km="far")
FAR_DEARER = place("far", km="far", cost=100)
THIRD = place("third", cost=2000)
BOTH: Sent = {("near", "A"): 1, ("far", "B"): 1}
NEAR_A: Sent = {("near", "A"): 1}
FAR_A: Sent = {("far", "A"): 1}
ALL_OF_THIRD: Sent = {("third", "A"): 1, ("third", "B"): 1}
ONE = {"A": 1}


@dataclass(frozen=True, slots=True)
class Shown:
    """A policy's file, a case, and what ships by the lowest cost and by the policy."""

    file: str
    order: RoutingOrder
    network: Network
    usual: Sent
    ruled: Sent


CASES = [
    Shown(
        "d365-minimum-inventory",
        order({"A": 3}), network({NEAR: {"A": 3}}),
        {("near", "A"): 3}, {("near", "A"): 1},
    ),
    Shown(
        "d365-location-priority",
        order(ONE),
        network({place("near", priority=2): ONE, place("far", km="far", cost=100, priority=1): ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "d365-partial-orders",
        order(AB), network({NEAR: {"A": 1}, FAR_DEARER: {"B": 1}}),
        BOTH, NEAR_A,
    ),
    Shown(
        "d365-partial-lines",
        order({"A": 3}), network({NEAR: {"A": 2}, FAR_DEARER: {"A": 2}, THIRD: {"A": 3}}),
        {("near", "A"): 2, ("far", "A"): 1}, {("third", "A"): 3},
    ),
    Shown(
        "d365-order-value-gate",
        order(AB), network({NEAR: {"A": 1}, FAR: {"B": 1}, THIRD: AB}),
        BOTH, ALL_OF_THIRD,
    ),
    Shown(
        "d365-never-split-list",
        order({"SOFA": 2}), network({NEAR: {"SOFA": 1}, FAR: {"SOFA": 1}, THIRD: {"SOFA": 2}}),
        {("near", "SOFA"): 1, ("far", "SOFA"): 1}, {("third", "SOFA"): 2},
    ),
    Shown("d365-offline-locations", order(ONE), network({NEAR: ONE, FAR_DEARER: ONE}), NEAR_A, FAR_A),
    Shown(
        "d365-maximum-rejects",
        order(ONE, rejects={"near": 2, "far": 1}), network({NEAR: ONE, FAR_DEARER: ONE}),
        NEAR_A, FAR_A,
    ),
    Shown("d365-maximum-distance", order(ONE), network({FAR: ONE}), FAR_A, {}),
    Shown(
        "d365-maximum-orders",
        order(ONE), network({place("near", capacity=3, capacity_unit="orders"): ONE, FAR_DEARER: ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "d365-hard-constraint-and-two-passes",
        order(ONE), network({place("near", kind="store"): ONE, FAR_DEARER: ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "hotwax-order-filters",
        order(AB, channel="web", service_level="express"), network({NEAR: {"A": 1}, FAR_DEARER: {"B": 1}}),
        BOTH, NEAR_A,
    ),
    Shown(
        "hotwax-facility-filters",
        order(ONE),
        network({
            NEAR: ONE,
            place("shop", kind="store", cost=10, groups=frozenset({"brokering"})): ONE,
            place("far", km="far", cost=100, groups=frozenset({"brokering"})): ONE,
        }),
        NEAR_A, FAR_A,
    ),
    Shown(
        "hotwax-facility-sort",
        order(ONE), network({place("near", cost=3000): ONE, FAR: ONE}),
        FAR_A, NEAR_A,
    ),
    Shown(
        "hotwax-next-rule",
        order(ONE), network({place("near", kind="store"): ONE, FAR_DEARER: ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "hotwax-shipment-threshold",
        order({"A": 2, "B": 1}), network({NEAR: {"A": 2}, FAR: {"B": 1}, THIRD: {"A": 2, "B": 1}}),
        {("near", "A"): 2, ("far", "B"): 1}, {("third", "A"): 2, ("third", "B"): 1},
    ),
    Shown(
        "hotwax-brokering-safety-stock",
        order(ONE), network({place("near", kind="store"): {"A": 3}, FAR_DEARER: ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "channel-allocation",
        replace(order(ONE), channel="marketplace"), network({
            place("near", kind="dc"): {"A": 10}, place("far", kind="dc", km="far", cost=100): {"A": 11},
        }),
        NEAR_A, FAR_A,
    ),
    Shown(
        "shopify-ranked-rules",
        order(AB),
        network({
            place("close"): AB,
            place("annex", km="far", cost=10): AB,
            place("main", km="far", cost=500): AB,
        }),
        {("close", "A"): 1, ("close", "B"): 1}, {("main", "A"): 1, ("main", "B"): 1},
    ),
    Shown(
        "shopify-minimize-splits",
        order(AB), network({NEAR: {"A": 1}, FAR: {"B": 1}, THIRD: AB}),
        BOTH, ALL_OF_THIRD,
    ),
    Shown("shopify-ranked-locations", order(ONE), network({NEAR: ONE, FAR_DEARER: ONE}), NEAR_A, FAR_A),
    Shown(
        "shopify-closest-location",
        order(ONE), network({place("near", cost=3000): ONE, FAR: ONE}),
        FAR_A, NEAR_A,
    ),
    Shown(
        "shopify-destination-market",
        order(ONE, country="CA"),
        network({place("near", groups=frozenset({"market-us"})): ONE, FAR_DEARER: ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "sterling-distribution-group",
        order(ONE, channel="web", country="US"),
        network({NEAR: ONE, place("far", km="far", cost=100, groups=frozenset({"east"})): ONE}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "sterling-landed-cost",
        order(AB), network({NEAR: {"A": 1}, FAR: {"B": 1}, place("third", cost=700): AB}),
        BOTH, ALL_OF_THIRD,
    ),
    Shown(
        "sterling-optimize-on-date",
        order(ONE), network({place("near", cost=3000): ONE, FAR: ONE}),
        FAR_A, NEAR_A,
    ),
    Shown(
        "fluent-primary-and-fallback",
        order(AB),
        network({
            place("near", groups=frozenset({"preferred"})): {"A": 1},
            place("far", km="far", groups=frozenset({"preferred"})): {"B": 1},
            place("third"): AB,
        }),
        ALL_OF_THIRD, BOTH,
    ),
    Shown(
        "overstock-first",
        order(ONE),
        network({NEAR: ONE, FAR_DEARER: ONE}, positions={("far", "A"): StockPosition(50, maximum=10)}),
        NEAR_A, FAR_A,
    ),
    Shown(
        "promise-or-pay",
        order(ONE, deliver_by=NOW + timedelta(days=2)), network({place("near", cost=3000): ONE, FAR: ONE}),
        FAR_A, NEAR_A,
    ),
    Shown(
        "same-day-only",
        order(ONE),
        network({
            place("near", cutoff=time(10)): ONE,
            place("far", km="far", cost=100, cutoff=time(18)): ONE,
        }),
        NEAR_A, FAR_A,
    ),
    Shown("all-or-nothing", order(AB), network({NEAR: {"A": 1}}), NEAR_A, {}),
]  # fmt: skip


@pytest.mark.parametrize("shown", CASES, ids=lambda shown: shown.file)
def test_the_policy_bites(shown: Shown) -> None:
    document = from_yaml((FOLDER / f"{shown.file}.yaml").read_text())

    usual = plan(shown.order, shown.network, LOWEST_COST, now=NOW)
    ruled = plan(shown.order, shown.network, document.policy, now=NOW)

    assert document.policy.name == shown.file
    assert document.scope.covers(shown.order)
    assert (sent(usual), sent(ruled)) == (shown.usual, shown.ruled)


RULED = [shown for shown in CASES if from_yaml((FOLDER / f"{shown.file}.yaml").read_text()).policy.rules]


@pytest.mark.parametrize("shown", RULED, ids=lambda shown: shown.file)
def test_the_rules_recheck_finds_the_breach_in_the_plan_that_did_not_know_them(shown: Shown) -> None:
    policy = from_yaml((FOLDER / f"{shown.file}.yaml").read_text()).policy
    case = Case(shown.order, shown.network, NOW)

    usual = plan(shown.order, shown.network, LOWEST_COST, now=NOW)
    ruled = plan(shown.order, shown.network, policy, now=NOW)

    assert [rule.name for rule in policy.rules if rule.breaches(usual, case)]
    assert {rule.name for rule in policy.rules if rule.breaches(ruled, case)} <= set(ruled.relaxed)


def test_every_rule_and_every_term_is_in_one_of_the_files() -> None:
    policies = [from_yaml(file.read_text()).policy for file in FOLDER.glob("*.yaml")]

    assert {rule.name for policy in policies for rule in policy.rules} == set(RULES)
    assert {term.name for policy in policies for term in policy.terms} == set(TERMS)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_file_is_shown_to_bite_and_reads_back(file: Path) -> None:
    document = from_yaml(file.read_text())

    assert file.stem in {shown.file for shown in CASES}
    assert from_yaml(to_yaml(document)) == document
    assert f"[{file.stem}]({file.name})" in (FOLDER / "README.md").read_text()


def test_where_warehouses_leave_units_the_next_rule_has_stores_too() -> None:
    policy = from_yaml((FOLDER / "hotwax-next-rule.yaml").read_text()).policy
    stores = network({place("near", kind="store"): {"A": 2}, FAR_DEARER: {"A": 1}})

    found = plan(order({"A": 2}), stores, policy, now=NOW)

    assert sent(found) == {("near", "A"): 2}


def test_a_distance_that_may_be_given_up_is_given_up_before_the_stores() -> None:
    policy = from_yaml((FOLDER / "d365-hard-constraint-and-two-passes.yaml").read_text()).policy

    found = plan(order(ONE), network({place("near", kind="store"): ONE, FAR: ONE}), policy, now=NOW)

    assert found.relaxed == ("max_distance",)


def test_what_comes_late_goes_by_the_least_late_and_pays_for_it() -> None:
    policy = from_yaml((FOLDER / "promise-or-pay.yaml").read_text()).policy
    due = order(ONE, deliver_by=NOW + timedelta(days=2))

    found = plan(due, network({FAR: ONE}), policy, now=NOW)

    assert sent(found) == FAR_A
    assert found.objective == found.cost + 400


def test_a_location_with_too_little_of_what_travels_whole_hears_so() -> None:
    policy = from_yaml((FOLDER / "d365-partial-lines.yaml").read_text()).policy

    found = plan(order({"A": 3}), network({NEAR: {"A": 2}, THIRD: {"A": 3}}), policy, now=NOW)

    assert {one.location_id: one.rule for one in found.verdicts} == {"near": "not_whole", "third": None}
