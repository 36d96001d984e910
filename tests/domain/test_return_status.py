"""The return axis: each legal step, written down once more by hand, and a refusal for every other."""

from itertools import product

import pytest

from domain.errors import IllegalTransition
from domain.return_status import RETURN, ReturnStatus

RETURNS = {
    "requested": "partially_received received rejected expired cancelled",
    "in_transit": "partially_received received rejected expired cancelled",
    "partially_received": "partially_received received",
    "received": "inspected",
    "inspected": "completed",
    "completed": "",
    "rejected": "",
    "expired": "",
    "cancelled": "",
}


def test_every_state_of_a_return_has_its_row_in_the_table() -> None:
    assert set(RETURNS) == {state.value for state in ReturnStatus}


def test_a_step_of_a_return_is_taken_when_the_table_holds_it_and_raises_otherwise() -> None:
    for source, target in product(ReturnStatus, ReturnStatus):
        if target.value in RETURNS[source.value].split():
            assert RETURN.step(source, target) is target
        else:
            with pytest.raises(IllegalTransition, match=f"return cannot go from {source} to {target}"):
                RETURN.step(source, target)


def test_a_return_of_which_something_came_in_can_only_go_on() -> None:
    called_off = {ReturnStatus.REJECTED, ReturnStatus.EXPIRED, ReturnStatus.CANCELLED}
    before = {source for source, target in RETURN.pairs() if target in called_off}

    assert before == {ReturnStatus.REQUESTED, ReturnStatus.IN_TRANSIT}


def test_every_state_can_be_reached_from_the_customers_request_or_the_carriers_word() -> None:
    reached = {ReturnStatus.REQUESTED, ReturnStatus.IN_TRANSIT}
    for _ in ReturnStatus:
        reached |= {target for source, target in RETURN.pairs() if source in reached}

    assert reached == set(ReturnStatus)
