"""What a change comes to: fewer units keep their price, more units are a new line of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidContent, StateConflict
from domain.invoicing import SoldLine
from domain.order_change import AddedLine, LineWanted, OrderedLine, plan_change
from domain.pricing import value_of
from domain.quantities import LineQuantities


def line(line_id: str, *, price: int = 1000, discount: int = 0, tax: int = 0, **units: int) -> OrderedLine:
    quantities = LineQuantities(**units)
    amount = price * quantities.ordered - discount + tax
    sold = SoldLine(line_id, f"sku-{line_id}", quantities.ordered, price, tax, amount)
    return OrderedLine(sold, quantities)


def test_fewer_units_are_cut_and_cost_less() -> None:
    plan = plan_change([line("1", pending=3)], [LineWanted("1", 1)], [], shipping=500)

    assert plan.cut == {"1": 2}
    assert (plan.to_pay_before, plan.to_pay_after) == (3500, 1500)
    assert [(one.line_id, one.before, one.after, one.amount) for one in plan.lines] == [("1", 3, 1, -2000)]


def test_more_units_are_a_new_line_at_the_same_price_and_rate_of_tax_without_the_discount() -> None:
    plan = plan_change([line("1", pending=2, discount=500, tax=150)], [LineWanted("1", 3)], [], shipping=0)

    assert plan.added == (AddedLine("sku-1", 1, 1000, tax=100),)
    assert plan.to_pay_after - plan.to_pay_before == 1100


def test_what_has_shipped_cannot_be_cut() -> None:
    with pytest.raises(StateConflict, match="2 units fewer of line 1 are asked for: 1 have not shipped"):
        plan_change([line("1", pending=1, shipped=2)], [LineWanted("1", 1)], [], shipping=0)


def test_cancelled_units_do_not_count_as_wanted() -> None:
    plan = plan_change([line("1", pending=2, cancelled=3)], [LineWanted("1", 2)], [], shipping=0)

    assert (plan.cut, plan.added, plan.lines) == ({}, (), ())


@pytest.mark.parametrize("wanted", [["2"], ["1", "1"]])
def test_a_line_is_there_and_is_named_once(wanted: list[str]) -> None:
    with pytest.raises(InvalidContent) as refused:
        plan_change([line("1", pending=2)], [LineWanted(name, 1) for name in wanted], [], shipping=0)

    assert refused.value.pointer == f"/lines/{len(wanted) - 1}/line_id"


def test_shipping_is_paid_for_as_long_as_a_unit_is_left() -> None:
    gone = plan_change([line("1", pending=2)], [LineWanted("1", 0)], [], shipping=500)
    swapped = plan_change([line("1", pending=2)], [LineWanted("1", 0)], [AddedLine("B", 1, 10)], shipping=500)

    assert (gone.to_pay_after, swapped.to_pay_after) == (0, 510)


@given(
    price=st.integers(0, 5000),
    ordered=st.integers(1, 20),
    tax=st.integers(0, 5000),
    wanted=st.integers(0, 40),
)
def test_the_lines_tell_the_whole_difference(price: int, ordered: int, tax: int, wanted: int) -> None:
    before = line("1", price=price, tax=tax, pending=ordered)

    plan = plan_change([before], [LineWanted("1", wanted)], [], shipping=0)

    assert sum(one.amount for one in plan.lines) == plan.to_pay_after - plan.to_pay_before
    assert plan.to_pay_before == value_of(before.sold.amount, ordered, ordered)
