"""Money is split to the minor unit: parts always sum to the whole, however they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidContent
from domain.pricing import QuotedLine, allocate, price_order, to_pay, value_of, value_of_left
from domain.quantities import Bucket, LineQuantities

AMOUNTS = st.integers(min_value=0, max_value=10**12)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=30)
LINES = st.lists(st.builds(QuotedLine, st.integers(1, 50), st.integers(0, 100_000)), min_size=1, max_size=8)


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_to_the_whole_and_are_within_one_unit_of_their_share(
    amount: int, weights: list[int]
) -> None:
    parts = allocate(amount, weights)

    shares = weights if any(weights) else [1] * len(weights)
    assert sum(parts) == amount
    assert all(
        abs(part * sum(shares) - amount * share) < sum(shares)
        for part, share in zip(parts, shares, strict=True)
    )


def test_the_largest_remainder_gets_the_odd_unit_and_a_tie_goes_to_the_earlier_part() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(10, [1, 5, 2]) == [1, 6, 3]
    assert allocate(7, [0, 0]) == [4, 3]
    with pytest.raises(ValueError, match="nothing to split"):
        allocate(1, [])


@given(LINES, AMOUNTS, st.integers(0, 10**7), st.data())
def test_an_orders_lines_and_shipping_sum_to_its_total(
    lines: list[QuotedLine], shipping: int, tax: int, data: st.DataObject
) -> None:
    items = sum(line.quantity * line.unit_price for line in lines)
    discount = data.draw(st.integers(min_value=0, max_value=items + shipping))

    price = price_order(lines, shipping=shipping, discount=discount, tax=tax)

    assert price.total == items + shipping - discount + tax
    assert price.shipping >= 0
    assert all(0 <= line.discount <= line.gross and line.amount >= 0 for line in price.lines)
    assert sum(line.tax for line in price.lines) == tax


@given(LINES, st.integers(0, 1000), st.integers(1, 1000))
def test_a_discount_above_everything_is_refused(lines: list[QuotedLine], shipping: int, more: int) -> None:
    items = sum(line.quantity * line.unit_price for line in lines)

    with pytest.raises(InvalidContent) as refusal:
        price_order(lines, shipping=shipping, discount=items + shipping + more, tax=0)

    assert refusal.value.pointer == "/discount"


def test_parts_that_the_storefront_gives_must_sum_to_the_orders() -> None:
    lines = [QuotedLine(1, 100, discount=10), QuotedLine(1, 100, discount=0)]

    assert [line.discount for line in price_order(lines, shipping=0, discount=10, tax=0).lines] == [10, 0]
    with pytest.raises(InvalidContent, match="sums to 10, the order's discount is 11") as refusal:
        price_order(lines, shipping=0, discount=11, tax=0)
    assert refusal.value.pointer == "/lines/1/discount"


def test_lines_that_say_nothing_share_what_the_others_leave() -> None:
    lines = [QuotedLine(1, 100, tax=7), QuotedLine(1, 300), QuotedLine(1, 100), QuotedLine(1, 300)]

    assert [line.tax for line in price_order(lines, shipping=0, discount=0, tax=17).lines] == [7, 4, 2, 4]
    assert [line.tax for line in price_order(lines, shipping=0, discount=0, tax=7).lines] == [7, 0, 0, 0]
    with pytest.raises(InvalidContent) as refusal:
        price_order(lines, shipping=0, discount=0, tax=6)
    assert refusal.value.pointer == "/lines/0/tax"


def test_lines_that_say_nothing_take_no_more_discount_than_they_cost() -> None:
    lines = [QuotedLine(1, 100, discount=10), QuotedLine(1, 50)]

    assert [line.discount for line in price_order(lines, shipping=0, discount=60, tax=0).lines] == [10, 50]
    with pytest.raises(InvalidContent, match="this line's should be 41") as refusal:
        price_order(lines, shipping=0, discount=61, tax=0)
    assert refusal.value.pointer == "/lines/0/discount"


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10**5)), min_size=1, max_size=8),
    st.integers(0, 10**6),
    st.sampled_from([-1, 1]),
    st.data(),
)
def test_one_wrong_line_is_named_and_so_is_one_of_several_that_are_off(
    quoted: list[tuple[int, int]], tax: int, off: int, data: st.DataObject
) -> None:
    lines = [QuotedLine(*one) for one in quoted]
    right = [line.tax for line in price_order(lines, shipping=0, discount=0, tax=tax).lines]
    wrong = data.draw(st.sampled_from([i for i in range(len(right)) if right[i] + off >= 0] or [-1]))
    if wrong < 0:
        return
    sent = [part + off * (index == wrong) for index, part in enumerate(right)]
    stated = [QuotedLine(*one, tax=part) for one, part in zip(quoted, sent, strict=True)]

    with pytest.raises(InvalidContent) as refusal:
        price_order(stated, shipping=0, discount=0, tax=tax)

    assert refusal.value.pointer == f"/lines/{wrong}/tax"


@given(LINES, st.integers(0, 10**6), st.integers(0, 10**6), st.data())
def test_whatever_lines_say_is_kept_and_the_rest_sums_up(
    quoted: list[QuotedLine], tax: int, shipping: int, data: st.DataObject
) -> None:
    items = sum(line.quantity * line.unit_price for line in quoted)
    discount = data.draw(st.integers(0, items + shipping))
    whole = price_order(quoted, shipping=shipping, discount=discount, tax=tax)
    lines = [
        QuotedLine(
            line.quantity,
            line.unit_price,
            part.discount if data.draw(st.booleans()) else None,
            part.tax if data.draw(st.booleans()) else None,
        )
        for line, part in zip(quoted, whole.lines, strict=True)
    ]

    price = price_order(lines, shipping=shipping, discount=discount, tax=tax)

    assert price.total == items + shipping - discount + tax
    assert (price.tax, price.shipping) == (tax, whole.shipping)
    for line, part in zip(lines, price.lines, strict=True):
        assert line.discount in {None, part.discount}
        assert line.tax in {None, part.tax}
        assert part.discount <= part.gross


@given(AMOUNTS, st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=9))
def test_whatever_ships_and_comes_back_in_parts_sums_to_the_minor_unit(
    amount: int, parts: list[tuple[int, int]]
) -> None:
    """Each part ships so many units, of which so many are paid back; the rest of the line is cancelled."""
    ordered = sum(shipped for shipped, _ in parts) + 3
    left = back = captured = refunded = 0
    for shipped, returned in parts:
        captured += value_of(amount, ordered, left + shipped) - value_of(amount, ordered, left)
        left += shipped
        taken_back = min(returned, left - back)
        refunded += value_of(amount, ordered, back + taken_back) - value_of(amount, ordered, back)
        back += taken_back

    assert captured == value_of(amount, ordered, left) <= amount
    assert refunded == value_of(amount, ordered, back) <= captured
    assert back < left or refunded == captured


def test_a_line_is_never_discounted_below_nothing() -> None:
    lines = [QuotedLine(1, 100, discount=150), QuotedLine(1, 100, discount=0)]

    with pytest.raises(InvalidContent) as refusal:
        price_order(lines, shipping=0, discount=150, tax=0)

    assert refusal.value.pointer == "/lines/0/discount"


@given(AMOUNTS, st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=12))
def test_what_parts_of_a_line_cost_sums_to_the_line_exactly(amount: int, splits: list[int]) -> None:
    quantity, seen, costs = sum(splits), 0, []
    for part in splits:
        costs.append(value_of(amount, quantity, seen + part) - value_of(amount, quantity, seen))
        seen += part

    assert sum(costs) == amount
    assert all(cost >= 0 for cost in costs)
    assert value_of(amount, quantity, 0) == 0


@given(AMOUNTS, st.builds(LineQuantities, *([st.integers(0, 20)] * len(Bucket))))
def test_units_that_left_never_cost_more_than_the_live_ones(amount: int, line: LineQuantities) -> None:
    if line.ordered == 0:
        return

    live = to_pay([(amount, line.ordered, line.live)], shipping=0)
    assert 0 <= value_of_left(amount, line) <= live <= amount


def test_shipping_is_paid_while_any_unit_is_not_cancelled() -> None:
    assert to_pay([(900, 3, 1), (500, 1, 0)], shipping=200) == 500
    assert to_pay([(900, 3, 0), (500, 1, 0)], shipping=200) == 0
