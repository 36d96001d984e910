"""What documents say of units: all parts sum to the line, however it is split, and tax is credited once."""

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Shares
from domain.invoicing import (
    DocumentLine,
    ShippingPart,
    SoldLine,
    credit_shares,
    invoice_shares,
    may_collide,
    part_of,
)
from domain.pricing import QuotedLine, price_order, value_of


@st.composite
def sold_lines(draw: st.DrawFn) -> SoldLine:
    quantity = draw(st.integers(1, 40))
    unit_price = draw(st.integers(0, 5000))
    discount = draw(st.integers(0, quantity * unit_price))
    tax = draw(st.integers(0, 5000))
    return SoldLine("1", "mug", quantity, unit_price, tax, quantity * unit_price - discount + tax)


@st.composite
def splits(draw: st.DrawFn, quantity: int) -> list[int]:
    parts: list[int] = []
    while sum(parts) < quantity:
        parts.append(draw(st.integers(1, quantity - sum(parts))))
    return parts


def split(line: SoldLine, units: list[int]) -> list[DocumentLine]:
    return [part_of(line, sum(units[:n]), many) for n, many in enumerate(units)]


@given(line=sold_lines(), data=st.data())
def test_the_parts_of_a_line_sum_to_the_line(line: SoldLine, data: st.DataObject) -> None:
    parts = split(line, data.draw(splits(line.quantity)))

    assert sum(part.units for part in parts) == line.quantity
    assert sum(part.amount for part in parts) == line.amount
    assert sum(part.tax for part in parts) == line.tax
    assert sum(part.discount for part in parts) == line.quantity * line.unit_price + line.tax - line.amount


@given(line=sold_lines(), data=st.data())
def test_a_part_adds_up_and_is_what_its_units_make_due(line: SoldLine, data: st.DataObject) -> None:
    units = data.draw(splits(line.quantity))

    for n, part in enumerate(split(line, units)):
        before = sum(units[:n])
        due = value_of(line.amount, line.quantity, before + part.units)
        assert part.units * part.unit_price - part.discount + part.tax == part.amount
        assert part.amount == due - value_of(line.amount, line.quantity, before)
        assert part.tax >= 0
        assert part.discount >= -1


def test_a_discount_and_a_tax_that_do_not_divide_are_shared_to_the_minor_unit() -> None:
    price = price_order([QuotedLine(3, 333)], shipping=0, discount=100, tax=77).lines[0]
    line = SoldLine("1", "mug", 3, 333, price.tax, price.amount)

    parts = split(line, [1, 1, 1])

    assert [part.amount for part in parts] == [325, 326, 325]
    assert [part.tax for part in parts] == [26, 25, 26]
    assert [part.discount for part in parts] == [34, 32, 34]


def test_an_invoice_has_the_tax_of_its_lines_and_the_shipping_beside() -> None:
    parts = split(SoldLine("1", "mug", 2, 1000, 200, 2200), [1, 1])

    shares = invoice_shares(parts[:1], shipping=ShippingPart(550, 50))

    assert shares == Shares(items=1000, shipping=500, tax=150, shipping_tax=50)
    assert shares.total == 1650


@given(
    line=sold_lines(),
    extra=st.integers(-1000, 1000),
    shipping=st.builds(ShippingPart, st.integers(100, 900), st.integers(0, 100)),
    taxed=st.integers(0, 5000),
    untaxed=st.integers(0, 5000),
)
def test_a_credit_note_is_over_its_amount_and_credits_no_more_tax_than_there_is(
    line: SoldLine, extra: int, shipping: ShippingPart, taxed: int, untaxed: int
) -> None:
    (part,) = split(line, [line.quantity])
    amount = max(part.amount + shipping.amount + extra, 0)

    shares = credit_shares(amount, [part], shipping=shipping, taxed=taxed, invoiced=taxed + untaxed)

    assert shares.total == amount
    assert 0 <= shares.tax <= taxed
    assert (shares.items, shares.shipping) == (part.net, shipping.net)
    assert shares.tax == part.taxes + shares.shipping_tax + shares.adjustment_tax


def test_an_appeasement_bears_its_part_of_the_tax() -> None:
    shares = credit_shares(110, [], shipping=ShippingPart(), taxed=100, invoiced=1100)

    assert shares == Shares(adjustment=100, tax=10, adjustment_tax=10)


def test_appeasements_of_everything_bring_back_exactly_the_tax() -> None:
    taxed, invoiced, credited = 7, 100, []
    while invoiced:
        shares = credit_shares(20, [], shipping=ShippingPart(), taxed=taxed, invoiced=invoiced)
        credited.append(shares.tax)
        taxed, invoiced = taxed - shares.tax, invoiced - shares.total

    assert sum(credited) == 7
    assert taxed == 0


def test_a_fee_is_kept_back_of_what_the_units_had_cost() -> None:
    (part,) = split(SoldLine("1", "mug", 1, 1000, 200, 1200), [1])

    shares = credit_shares(1050, [part], shipping=ShippingPart(), taxed=200, invoiced=1200)

    assert shares == Shares(items=1000, adjustment=-150, tax=200)


def test_tax_that_prices_contain_is_parted_from_what_units_cost() -> None:
    line = SoldLine("1", "mug", 3, 1190, 0, 3570, contained_tax=570)

    parts = split(line, [1, 2])

    assert [(part.amount, part.tax, part.contained_tax, part.net) for part in parts] == [
        (1190, 0, 190, 1000), (2380, 0, 380, 2000),
    ]  # fmt: skip
    shares = invoice_shares(parts[:1], shipping=ShippingPart(595, 95))
    assert shares == Shares(items=1000, shipping=500, tax=285, shipping_tax=95)
    back = credit_shares(2380, parts[1:], shipping=ShippingPart(), taxed=570, invoiced=3570)
    assert back == Shares(items=2000, tax=380)


def test_shipping_is_credited_with_its_tax_and_in_parts_only_once() -> None:
    whole = ShippingPart(536, 36)

    assert whole.within(600) == whole
    assert whole.within(268) == ShippingPart(268, 18)
    assert whole.beyond(250) == ShippingPart(268, 18)
    assert whole.beyond(500) == ShippingPart(0, 0)
    assert ShippingPart().beyond(0) == ShippingPart()
    shares = credit_shares(536, [], shipping=whole, taxed=36, invoiced=536)
    assert shares == Shares(shipping=500, tax=36, shipping_tax=36)


def test_a_unit_is_credited_at_its_price_also_when_an_appeasement_had_brought_its_tax() -> None:
    (part,) = split(SoldLine("1", "mug", 1, 1000, 80, 1080), [1])

    shares = credit_shares(330, [part], shipping=ShippingPart(), taxed=19, invoiced=330)

    assert shares == Shares(items=1000, adjustment=-689, tax=19, adjustment_tax=-61)
    assert shares.total == 330


@given(
    prefixes=st.tuples(*[st.text("AB-12", max_size=4)] * 2),
    numbers=st.tuples(*[st.integers(1, 4000)] * 2),
    digits=st.integers(1, 3),
)
def test_prefixes_that_do_not_collide_never_make_one_number(
    prefixes: tuple[str, str], numbers: tuple[int, int], digits: int
) -> None:
    first, second = (f"{prefix}{n:0{digits}}" for prefix, n in zip(prefixes, numbers, strict=True))

    assert first != second or may_collide(*prefixes)
