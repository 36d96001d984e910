"""What would have made a location ship is told truly: with the change it ships, with half of it not."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, get_args

import pytest

from bench.mixes import mixed_instance
from routing import RoutingInputError, plan
from routing.model.fulfillment import Change, FulfillmentPlan, Kind, Verdict
from routing.record.changes import at_distance, more_capacity, more_stock, with_changes
from routing.record.replay import answer
from routing.record.snapshot import Question

TINY: Final = Fraction(1, 1_000_000)
NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
DECISIONS: Final = int(os.environ.get("EXPLAINED_DECISIONS", "500"))
SEED: Final = int(os.environ.get("EXPLAINED_SEED", "0"))
SIZES: Final = ((2, 4), (2, 5), (3, 5))
DEAR: Final = 600  # more for handling everywhere, so that many locations can become cheap enough
LESS_ROOM: Final = 2  # of the 2 or 5 that a location with a capacity may ship


def asked(seed: int) -> Question:
    """A random order on a small network, under a mix of rules and terms."""
    order, network, policy = mixed_instance(seed, SIZES[seed % len(SIZES)])
    places = (
        replace(
            one,
            handling_cost=one.handling_cost + DEAR,
            capacity=None if one.capacity is None else one.capacity - LESS_ROOM,
        )
        for one in network.locations
    )
    return Question(order, replace(network, locations=tuple(places)), policy, NOW)


@cache
def best_of(seed: int) -> FulfillmentPlan:
    """The explained plan of a random question."""
    return answer(asked(seed))


def ships(question: Question, location_id: str) -> bool:
    made = plan(question.order, question.network, question.policy, now=NOW, explain=False)
    return any(one.location_id == location_id for one in made.shipments)


def cheaper(question: Question, location_id: str, amount: Fraction) -> Question:
    """The question, with a location where handling a shipment costs so much less."""
    less = Decimal(amount.numerator) / Decimal(amount.denominator)
    places = tuple(
        replace(one, handling_cost=one.handling_cost - less) if one.id == location_id else one
        for one in question.network.locations
    )
    return replace(question, network=replace(question.network, locations=places))


def made_with(change: Change, question: Question, location_id: str) -> Question:
    """The question with the change, as its record tells it."""
    if change.kind == "price":
        return cheaper(question, location_id, Fraction(change.by) + TINY)
    return with_amount(change, question, location_id, int(change.by), change.to)


def made_with_half(change: Change, question: Question, location_id: str) -> Question:
    """The question with half of the change, rounded down to whole units."""
    if change.kind == "price":
        return cheaper(question, location_id, Fraction(change.by) / 2)
    halfway = None if change.to is None else change.to + float(change.by) / 2
    return with_amount(change, question, location_id, int(change.by) // 2, halfway)


def with_amount(
    change: Change, question: Question, location_id: str, units: int, km: float | None
) -> Question:
    network = question.network
    match change.kind:
        case "stock":
            assert change.sku is not None
            network = more_stock(network, location_id, change.sku, units)
        case "capacity":
            network = more_capacity(network, location_id, units)
        case _:
            assert km is not None
            network = at_distance(network, location_id, km)
    return replace(question, network=network)


def idle(made: FulfillmentPlan) -> Iterator[Verdict]:
    return (verdict for verdict in made.verdicts if verdict.outcome != "chosen")


def test_with_its_smallest_change_a_location_ships_and_with_half_of_it_not() -> None:
    met: Counter[tuple[Kind, str | None]] = Counter()
    for seed in range(SEED, SEED + DECISIONS):
        question = asked(seed)
        for verdict in idle(with_changes(best_of(seed), question)):
            for change in verdict.changes or ():
                name = verdict.location_id
                told = f"seed {seed}, {name}: {change}"
                assert ships(made_with(change, question, name), name), told
                if change.by:  # of two equal plans the other was taken: anything less does
                    assert not ships(made_with_half(change, question, name), name), f"half of {told}"
                met[change.kind, verdict.rule] += 1

    assert {(kind, None) for kind in get_args(Kind)} < set(met)
    assert {("stock", "no_stock"), ("capacity", "capacity"), ("distance", "max_distance")} < set(met)


def test_a_location_that_has_to_ship_costs_as_much_more_as_the_record_says() -> None:
    met = 0
    for seed in range(SEED, SEED + DECISIONS):
        question = asked(seed)
        best = best_of(seed)
        for verdict in idle(best):
            if verdict.extra_cost is None:
                continue
            forced = answer(replace(question, must_use=verdict.location_id))
            assert verdict.location_id in {one.location_id for one in forced.shipments}
            assert forced.objective - best.objective == verdict.extra_cost
            assert waiting(forced) == waiting(best) or question.policy.backorder_penalty is not None
            met += 1

    assert met > DECISIONS // 2


def waiting(made: FulfillmentPlan) -> int:
    return sum(line.quantity for line in made.backorders)


def test_what_cannot_ship_cannot_be_made_to() -> None:
    question = asked(2)
    best = plan(question.order, question.network, question.policy, now=NOW)
    out = next(verdict for verdict in idle(best) if verdict.outcome == "excluded")

    with pytest.raises(RoutingInputError, match=rf"{out.location_id} cannot be made to ship: .*{out.rule}"):
        plan(question.order, question.network, question.policy, now=NOW, must_use=out.location_id)


def test_what_nobody_had_time_for_is_told_as_unsought() -> None:
    question = asked(2)

    told = list(idle(with_changes(best_of(2), question, work=0)))

    assert {kind for verdict in told for kind in verdict.unsought} == {"stock", "capacity", "distance"}
    assert {change.kind for verdict in told for change in verdict.changes or ()} <= {"price"}
