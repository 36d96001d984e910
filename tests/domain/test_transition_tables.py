"""The tables of states: each legal step, written down once more by hand, and a refusal for every other."""

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from domain.errors import IllegalTransition
from domain.fulfillment_status import FULFILLMENT, OPEN_WORK, UNSHIPPED, FulfillmentStatus
from domain.payment_status import PAYMENT, PaymentStatus
from domain.transitions import Transitions

WORK = {
    "planned": "open cancelled",
    "open": "planned accepted rejected expired picking packed ready_for_pickup partially_shipped shipped "
    "cancelled",
    "accepted": "rejected picking packed ready_for_pickup partially_shipped shipped cancelled",
    "picking": "rejected packed ready_for_pickup partially_shipped shipped cancelled",
    "packed": "ready_for_pickup partially_shipped shipped cancelled",
    "ready_for_pickup": "delivered cancelled",
    "partially_shipped": "partially_shipped shipped partially_delivered delivered",
    "shipped": "partially_delivered delivered lost returned",
    "partially_delivered": "partially_delivered delivered lost returned",
    "delivered": "returned",
    "lost": "delivered partially_delivered returned",
    "rejected": "",
    "expired": "",
    "returned": "",
    "cancelled": "",
}
MONEY = {
    "none": "pending",
    "pending": "authorized review action_required declined voided partially_captured captured "
    "partially_refunded refunded",
    "action_required": "pending authorized review declined voided partially_captured captured "
    "partially_refunded refunded",
    "review": "authorized action_required declined voided expired partially_captured captured "
    "partially_refunded refunded",
    "authorized": "pending action_required declined partially_captured captured voided expired refunded",
    "expired": "pending action_required authorized review partially_captured captured declined voided "
    "partially_refunded refunded",
    "declined": "authorized pending voided partially_captured captured partially_refunded refunded",
    "partially_captured": "pending captured action_required expired declined partially_refunded refunded",
    "captured": "pending partially_captured action_required declined partially_refunded refunded",
    "partially_refunded": "pending refunded action_required expired declined captured partially_captured",
    "refunded": "partially_refunded captured partially_captured",
    "voided": "",
}
AXES: list[tuple[Transitions[Any], type[StrEnum], dict[str, str]]] = [
    (FULFILLMENT, FulfillmentStatus, WORK),
    (PAYMENT, PaymentStatus, MONEY),
]


@pytest.mark.parametrize(("axis", "states", "table"), AXES, ids=["fulfillment", "payment"])
def test_every_state_has_its_row_in_the_table(
    axis: Transitions[Any], states: type[StrEnum], table: dict[str, str]
) -> None:
    assert set(table) == {state.value for state in states}
    assert {(a.value, b.value) for a, b in axis.pairs()} == {
        (source, target) for source, targets in table.items() for target in targets.split()
    }


@pytest.mark.parametrize(("axis", "states", "table"), AXES, ids=["fulfillment", "payment"])
def test_a_step_is_taken_when_the_table_holds_it_and_raises_otherwise(
    axis: Transitions[Any], states: type[StrEnum], table: dict[str, str]
) -> None:
    for source, target in product(states, states):
        if target.value in table[source.value].split():
            assert axis.step(source, target) is target
        else:
            with pytest.raises(IllegalTransition, match=f"{axis.axis} cannot go from {source} to {target}"):
                axis.step(source, target)


@pytest.mark.parametrize(("axis", "states", "table"), AXES, ids=["fulfillment", "payment"])
def test_a_state_that_nothing_follows_is_terminal(
    axis: Transitions[Any], states: type[StrEnum], table: dict[str, str]
) -> None:
    assert {state.value for state in states if axis.terminal(state)} == {
        source for source, targets in table.items() if not targets
    }


def test_only_work_that_has_not_shipped_can_be_cancelled() -> None:
    cancellable = {source for source, target in FULFILLMENT.pairs() if target is FulfillmentStatus.CANCELLED}

    assert cancellable == UNSHIPPED
    assert {FulfillmentStatus.PARTIALLY_SHIPPED} == OPEN_WORK - UNSHIPPED


def test_every_state_of_work_can_be_reached() -> None:
    reached = {FulfillmentStatus.PLANNED}
    for _ in FulfillmentStatus:
        reached |= {target for source, target in FULFILLMENT.pairs() if source in reached}

    assert reached == set(FulfillmentStatus)
