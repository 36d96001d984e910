"""A policy as YAML: read back equal, and refused with its line."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.policies import PolicyDocument, UnusablePolicy, from_plain, from_yaml, to_plain, to_yaml
from routing.model.policy import COST, Policy
from routing.model.scope import Scope
from routing.rules import (
    RULES,
    Capacity,
    Cutoff,
    DeliverBy,
    KeepTogether,
    Locations,
    MaxDistance,
    MaxRejects,
    MaxShipments,
    NoSplitBelow,
    Places,
    Products,
    RingFence,
    ShipComplete,
    WholeLines,
)
from routing.terms import TERMS, Distance, Lateness, Preference, Priority, Speed, SplitPenalty, StockBalance

NORWAY = frozenset({"NO"})
FULL = PolicyDocument(
    Policy(
        name="everything",
        rules=(
            MaxShipments(1, soft=True),
            MaxShipments(3),
            MaxDistance(Decimal("80.5"), of=Places(kinds=frozenset({"store"}))),
            Locations(Places(groups=frozenset({"north", "true"})), Places(ids=frozenset({"010"}))),
            RingFence(2, Products(categories=frozenset({"toys"}))),
            Capacity(5, soft=True),
            KeepTogether(Products(skus=frozenset({"1.10"}))),
            NoSplitBelow(Decimal(5000), Decimal("1000.5")),
            MaxRejects(2),
            DeliverBy(Decimal("1.5"), soft=True),
            Cutoff(soft=True),
            WholeLines(soft=True),
            ShipComplete(soft=True),
        ),
        terms=(
            *COST,
            SplitPenalty(Decimal(250)),
            Lateness(Decimal("0.1"), weight=Decimal("0.3333333333333333333333333333")),
            Preference(Places(ids=frozenset({"w1"})), each_unit=Decimal("-12.5")),
            Priority(each_unit=Decimal(10), ids=("w2", "w1")),
            StockBalance(Decimal(40), Decimal(60)),
            Distance(Decimal("0.25")),
            Speed(Decimal(7)),
        ),
        backorder_penalty=Decimal("2500.75"),
    ),
    description="Every rule and every term, once: ümlauts and all.",
    scope=Scope(channels=frozenset({"web"}), regions=NORWAY),
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    valid_to=datetime(2027, 1, 1, tzinfo=UTC),
)


def test_what_is_written_reads_back_equal_as_yaml_and_as_plain_data() -> None:
    assert {rule.name for rule in FULL.policy.rules} == set(RULES)
    assert {term.name for term in FULL.policy.terms} == set(TERMS)
    assert from_yaml(to_yaml(FULL)) == FULL
    assert from_plain(to_plain(FULL)) == FULL
    assert to_yaml(from_yaml(to_yaml(FULL))) == to_yaml(FULL)


def test_the_least_policy_is_a_name() -> None:
    assert from_yaml("name: plain") == PolicyDocument(Policy("plain"))


def test_a_name_given_from_outside_fills_in_and_must_agree() -> None:
    assert from_yaml("rules: [ship_complete]", name="mine").policy == Policy("mine", rules=(ShipComplete(),))
    assert refused("name: yours", name="mine") == [
        "line 1: /name: is not the name that it is put under, 'mine'"
    ]


def test_yaml_words_and_numbers_mean_what_they_say() -> None:
    read = from_yaml("""
name: exact
scope: {regions: [NO, DE]}
terms:
  - split_penalty: {amount: 0.10000000000000000000001}
  - priority: {ids: [yes, "1.10", 2e5]}
""")

    assert read.scope == Scope(regions=frozenset({"NO", "DE"}))
    penalty, priority = read.policy.terms
    assert penalty == SplitPenalty(Decimal("0.10000000000000000000001"))
    assert priority == Priority(ids=("yes", "1.10", "2e5"))


RULE = "name: a\nrules:\n  - "
FORM_FAULTS = [
    ("rules: [", "line 1: /: expected the node content, but found '<stream end>'"),
    ("just words", "line 1: /: Input should be a valid dictionary or instance of _Document"),
    ("name: a\ncolour: red", "line 2: /colour: Extra inputs are not permitted"),
    ("name: a\nname: b", "line 2: /: name stands twice"),
    ("name: &x a\nrules: [*x]", "line 2: /: write it out: aliases are not read"),
    (
        "name: a\nrules:\n  - whole_line",
        "line 3: /rules/0: there is no such one; there are capacity",
    ),
    (
        "name: a\nrules:\n  - max_shipments:\n      most: two",
        "line 4: /rules/0/max_shipments/most: Input should",
    ),
    (RULE + "max_shipments: {}", "line 3: /rules/0/max_shipments/most: Field required"),
    (
        "name: a\nrules:\n  - max_shipments: {most: 0}",
        "line 3: /rules/0/max_shipments: max_shipments: most must",
    ),
    (
        "name: a\nrules:\n  - {cutoff: {}, whole_lines: {}}",
        "line 3: /rules/0: must be one name with its fields",
    ),
    (
        "name: a\nrules:\n  - locations: {exclude: {kinds: [shop]}}",
        "line 3: /rules/0/locations/exclude/kinds",
    ),
    ("name: a\nterms:\n  - split_penalty: {amount: true}", "/terms/0/split_penalty/amount: must be a number"),
    ("name: a\nterms:\n  - shipping: {weight: -1}", "/terms/0/shipping: shipping: weight must be finite"),
    ("name: a\nvalid_from: 2026-01-01T00:00:00", "line 2: /valid_from: Input should have timezone info"),
    ("name: a\nscope: {planets: [earth]}", "line 2: /scope/planets: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("text", "message"), FORM_FAULTS)
def test_a_form_that_is_wrong_is_refused_with_its_line(text: str, message: str) -> None:
    (fault,) = refused(text)[:1]

    assert message in fault


def test_every_fault_is_told_at_once() -> None:
    assert len(refused("name: a\nrules: [cut_off, wholelines, {max_rejects: {most: 0}}]")) == 3


SENSE_FAULTS = [
    ("scope: {channels: []}", "/scope/channels: is empty, so that no order fits"),
    (
        "valid_from: 2026-02-01T00:00:00Z\nvalid_to: 2026-01-01T00:00:00Z",
        "/valid_to: is not after valid_from, so that the policy never holds",
    ),
    ("rules: [{locations: {}}]", "/rules/0/locations: says nothing"),
    ("rules: [{locations: {include: {}}}]", "/rules/0/locations/include: names no location"),
    (
        "rules: [{locations: {include: {ids: [a]}, exclude: {ids: [a, b]}}}]",
        "/rules/0/locations: excludes all that it includes",
    ),
    (
        "rules: [{locations: {include: {ids: [a]}}}, {locations: {include: {ids: [b]}}}]",
        "/rules/1/locations/include: has no location in common",
    ),
    ("rules: [{locations: {exclude: {kinds: [dc, store, 3pl, supplier]}}}]", "names every kind"),
    ("rules: [whole_lines, {whole_lines: {soft: true}}]", "/rules/1/whole_lines: stands twice"),
    ("rules: [deliver_by, deliver_by]", "/rules/1/deliver_by: stands twice, and the first is hard"),
    (
        "rules: [{max_shipments: {most: 2, soft: true}}, {max_shipments: {most: 2}}]",
        "/rules/1/max_shipments: is no wider than the soft one before it",
    ),
    ("rules: [{keep_together: {groups: false}}]", "keeps nothing together"),
    ("rules: [no_split_below]", "/rules/0/no_split_below: says nothing"),
    (
        "rules: [{max_shipments: {most: 1}}, {no_split_below: {order_value: 100}}]",
        "/rules/1/no_split_below: never matters",
    ),
    (
        "rules: [{locations: {exclude: {ids: [a]}}}, {ring_fence: {units: 1, at: {ids: [a]}}}]",
        "/rules/1/ring_fence: speaks only of locations that the policy excludes",
    ),
    (
        "rules: [{locations: {exclude: {ids: [a]}}}]\nterms: [shipping, {priority: {ids: [a]}}]",
        "/terms/1/priority: speaks only of locations that the policy excludes",
    ),
    ("rules: [deliver_by]\nterms: [shipping, {lateness: {per_day: 5}}]", "/terms/1/lateness: never matters"),
    ("terms: []", "/terms: are none"),
    ("terms: [{shipping: {weight: 0}}]", "/terms: all have weight 0"),
    ("terms: [shipping, shipping]", "/terms/1/shipping: stands twice"),
]


@pytest.mark.parametrize(("text", "message"), SENSE_FAULTS)
def test_a_policy_that_makes_no_sense_is_refused_with_the_reason(text: str, message: str) -> None:
    (fault,) = refused(f"name: a\n{text}")

    assert message in fault


def test_a_soft_limit_may_be_followed_by_wider_ones() -> None:
    read = from_yaml("""
name: graded
rules:
  - max_shipments: {most: 1, soft: true}
  - max_shipments: {most: 2, soft: true}
  - max_shipments: {most: 4}
""")

    assert read.policy.rules == (MaxShipments(1, soft=True), MaxShipments(2, soft=True), MaxShipments(4))


def refused(text: str, *, name: str | None = None) -> list[str]:
    with pytest.raises(UnusablePolicy) as error:
        from_yaml(text, name=name)
    return str(error.value).splitlines()
