"""What a decision rests on, written down and read back."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from bench.mixes import mixed_instance
from routing import (
    LOWEST_COST,
    Band,
    Destination,
    Network,
    RoutingInputError,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
    Verdict,
    plan,
)
from routing.record.codec import form_of
from routing.record.snapshot import Part, Question, hashes_of, input_hash, parts_of, question_of
from routing.record.written import verdict_of
from tests.routing.model_samples import classes_within, kinds_of, things
from tests.routing.routing_cases import NOW, awkward_case, lifelike_case

QUESTION = Question(*awkward_case(3), NOW)


def fingerprint(question: Question) -> str:
    return input_hash(hashes_of(parts_of(question)))


@pytest.mark.parametrize("seed", range(60))
def test_a_question_survives_being_written_down(seed: int) -> None:
    made = (awkward_case(seed), lifelike_case(seed, lines=3, locations=8), mixed_instance(seed, (2, 4)))
    order, network, policy = made[seed % 3]
    question = Question(order, network, policy, NOW, explain=bool(seed % 2), node_limit=500)

    parts = parts_of(question)
    again = question_of(parts)

    assert parts_of(again) == parts
    assert (again.order, again.policy, again.now) == (order, policy, NOW)
    assert (again.explain, again.node_limit) == (question.explain, 500)
    assert sorted(again.network.locations, key=repr) == sorted(network.locations, key=repr)
    assert dict(again.network.stock) == dict(network.stock)
    assert plan(order, network, policy, now=NOW) == plan(again.order, again.network, again.policy, now=NOW)


def test_equal_input_has_equal_parts_however_it_is_written() -> None:
    order, network, policy = awkward_case(5)
    shuffled = replace(
        network,
        locations=network.locations[::-1],
        services=network.services[::-1],
        stock=dict(reversed([*network.stock.items()])),
    )
    moved = replace(policy, opportunity_price=dict(reversed([*policy.opportunity_price.items()])))
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))

    assert parts_of(Question(order, shuffled, moved, elsewhere)) == parts_of(
        Question(order, network, policy, NOW)
    )


def test_numbers_that_are_equal_are_written_alike() -> None:
    def with_cost(cost: Decimal, lat: float) -> Question:
        place = RoutingLocation("w1", "dc", lat, -0.0, handling_cost=cost)
        return replace(QUESTION, network=Network((place,), {}, (Service("s", ()),)))

    assert parts_of(with_cost(Decimal("1E+2"), 1)) == parts_of(with_cost(Decimal("100.00"), 1.0))
    assert parts_of(with_cost(Decimal("0.10"), 1)) != parts_of(with_cost(Decimal("0.1000001"), 1))


def test_a_distance_without_end_survives() -> None:
    far = replace(QUESTION.network, distances={"w0": float("inf"), "w1": 3.5})

    assert question_of(parts_of(replace(QUESTION, network=far))).network.distances == far.distances


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, now=NOW + timedelta(microseconds=1)),
        replace(QUESTION, explain=False),
        replace(QUESTION, node_limit=7),
        replace(QUESTION, policy=replace(QUESTION.policy, version=2)),
        replace(QUESTION, network=replace(QUESTION.network, stock={})),
    ],
)
def test_whatever_differs_changes_the_hash(other: Question) -> None:
    assert fingerprint(other) != fingerprint(QUESTION)


def test_stock_and_capacity_leave_the_settled_parts_alone() -> None:
    network = QUESTION.network
    spent = replace(
        network, stock={}, locations=tuple(replace(place, capacity=9) for place in network.locations)
    )

    before, after = parts_of(QUESTION), parts_of(replace(QUESTION, network=spent))

    assert {part for part in before if before[part] != after[part]} == {"stock"}


def test_what_this_version_does_not_know_is_refused() -> None:
    parts = dict(parts_of(QUESTION))
    asked = json.loads(parts["asked"])
    newer = json.dumps({**asked, "mood": ["gloomy"]}).encode()

    with pytest.raises(RoutingInputError, match="mood"):
        question_of({**parts, "asked": newer})


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(RoutingInputError, match="time zone"):
        parts_of(replace(QUESTION, now=datetime(2025, 1, 6)))  # noqa: DTZ001 (that is the point)


def test_a_type_that_no_form_is_known_for_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        form_of(bytes)


def test_a_snapshot_of_the_first_version_still_reads() -> None:
    """A default may not change, nor a field go: the text below was stored by an earlier version."""
    question = question_of({part: text.encode() for part, text in FIRST_VERSION.items()})

    assert question == Question(
        order=RoutingOrder((RoutingLine("1", "MUG", 2, 400),), Destination(40.71, -74.01, "10007")),
        network=Network(
            (RoutingLocation("newark", "dc", 40.74, -74.17, handling_cost=Decimal("150.5"), capacity=9),),
            {("newark", "MUG"): 5},
            (Service("ground", (Band(Decimal(500), Decimal(480), Decimal("61.5"), Decimal(2)),)),),
        ),
        policy=LOWEST_COST,
        now=datetime(2025, 1, 6, 12, tzinfo=UTC),
    )


FIRST_VERSION: dict[Part, str] = {
    "asked": (
        '{"#":1,"now":["2025-01-06T12:00:00+00:00"],"order":[{"destination":{"lat":40.71,"lng":-74.01,'
        '"postal_code":"10007"},"lines":{"#":1,"line_id":["1"],"quantity":[2],"sku":["MUG"],'
        '"weight_g":[400]}}]}'
    ),
    "locations": (
        '{"#":1,"handling_cost":["150.5"],"id":["newark"],"kind":["dc"],"lat":[40.74],"lng":[-74.17]}'
    ),
    "rates": (
        '{"#":1,"services":[{"#":1,"bands":[{"#":1,"base":["480"],"max_km":["500"],"per_kg":["61.5"],'
        '"transit_days":["2"]}],"name":["ground"]}]}'
    ),
    "stock": '{"locations":{"#":1,"capacity":[9]},"network":{"#":1,"stock":[[[["newark","MUG"]],[5]]]}}',
    "policy": '{"name":"lowest_cost"}',
}


@pytest.mark.parametrize("kind", sorted(classes_within(Question), key=repr))
def test_every_field_of_every_class_of_the_model_survives(kind: Any) -> None:
    made = things(kind)
    form = form_of(kind)

    written = [json.dumps(form.write(thing)) for thing in made]

    assert [form.read(json.loads(text)) for text in written] == made
    assert len(set(written)) == len(made), f"a field of {kind.__name__} is not written"
    assert len(made) == len(fields(kind)) + 1 or kinds_of(kind)


def test_a_record_holds_only_numbers_that_json_has() -> None:
    verdict = Verdict("w1", "excluded", "not_served", number=12.34567, threshold=float("inf"))

    assert verdict_of(verdict) == {
        "location_id": "w1",
        "outcome": "excluded",
        "rule": "not_served",
        "number": 12.346,
    }
