"""Fees, shipping and limits of refunds, to the minor unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refund_policy import (
    Adjustment,
    AdjustmentKind,
    LeftToGive,
    RefundStatus,
    ReturnPolicy,
    ShippingBack,
    limited,
    status_of_refund,
)

STRICT = ReturnPolicy(
    fee_per_mille=150, fee_per_unit={"USD": 30}, grades={"C": 1000}, sellers_faults=frozenset({"wrong_item"})
)
MONEY = st.integers(0, 10**9)


@given(worth=MONEY, units=st.integers(1, 1000), share=st.integers(0, 1000), each=st.integers(0, 10**6))
def test_a_fee_is_never_negative_and_never_more_than_the_units_cost(
    worth: int, units: int, share: int, each: int
) -> None:
    policy = ReturnPolicy(fee_per_mille=share, fee_per_unit={"USD": each})

    assert 0 <= policy.restocking_fee(worth, units, "USD", reason="too small") <= worth


def test_a_fee_is_a_share_and_an_amount_for_each_unit_its_fraction_the_customers() -> None:
    assert STRICT.restocking_fee(999, 2, "USD", reason="too small") == 149 + 60
    assert STRICT.restocking_fee(999, 2, "USD", reason="too small", grade="B") == 149 + 60
    assert STRICT.restocking_fee(999, 2, "USD", reason="too small", grade="C") == 999


def test_a_currency_that_the_policy_does_not_name_has_no_fee_for_each_unit() -> None:
    assert STRICT.restocking_fee(999, 2, "JPY", reason="too small") == 149


@pytest.mark.parametrize("reason", ["wrong_item", "Wrong Item", "wrong-item", "  WRONG  item "])
def test_the_sellers_fault_is_known_however_it_is_written(reason: str) -> None:
    assert STRICT.restocking_fee(999, 2, "USD", reason=reason, grade="C") == 0


def test_shipping_goes_back_by_policy() -> None:
    def gives(when: ShippingBack, *reasons: str) -> bool:
        policy = ReturnPolicy(sellers_faults=frozenset({"damaged"}), shipping_back=when)
        return policy.gives_shipping_back(reasons)

    assert not gives(ShippingBack.NEVER, "damaged")
    assert gives(ShippingBack.SELLERS_FAULT, "damaged", "Damaged")
    assert not gives(ShippingBack.SELLERS_FAULT, "damaged", "too small")
    assert gives(ShippingBack.EVERYTHING_RETURNED, "too small")


@given(worth=MONEY, fee=MONEY, shipping=MONEY, left=st.integers(-(10**9), 10**9))
def test_a_refund_is_what_the_units_cost_and_its_adjustments_and_never_more_than_is_left(
    worth: int, fee: int, shipping: int, left: int
) -> None:
    asked = [
        Adjustment(AdjustmentKind.RESTOCKING_FEE, -min(fee, worth), "too small"),
        Adjustment(AdjustmentKind.SHIPPING, shipping, "nothing arrived"),
    ]

    amount, made = limited(worth, asked, LeftToGive(left))

    assert amount == worth + sum(one.amount for one in made)
    assert 0 <= amount <= max(left, 0)
    assert all(one.amount for one in made)


def test_what_was_never_paid_is_told_apart_from_what_was_given_before() -> None:
    def told(given: int) -> list[tuple[str, int]]:
        _, made = limited(1000, [], LeftToGive(100, unpaid=2000, given=given))
        return [(one.kind.value, one.amount) for one in made]

    assert told(0) == [("not_paid", -900)]
    assert told(300) == [("given_before", -300), ("not_paid", -600)]
    assert told(5000) == [("given_before", -900)]


def test_a_refund_stands_where_its_money_is() -> None:
    assert status_of_refund(10, paid=4, written_off=0, credit=4) is RefundStatus.OWED
    assert status_of_refund(10, paid=10, written_off=0, credit=4) is RefundStatus.PAID
    assert status_of_refund(10, paid=10, written_off=0, credit=10) is RefundStatus.CREDIT
    assert status_of_refund(10, paid=4, written_off=6, credit=0) is RefundStatus.WRITTEN_OFF
