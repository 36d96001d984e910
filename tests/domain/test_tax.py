"""Tax by a table: the right rate, exact, rounded once per line; what is sent must be what is worked out."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidContent
from domain.tax import (
    GivenTax,
    MissingRate,
    Place,
    Sale,
    Taxes,
    TaxPart,
    TaxRate,
    TaxTable,
    check_sent,
    half_up,
    place_of,
    rate_for,
    retax,
)

DAY = date(2026, 11, 23)
DENVER = Place("US", "CO", "80202")
BOULDER = Place("US", "CO", "80301")
BERLIN = Place("DE", "BE", "10115")
CO = TaxRate("US", Fraction("2.9"), region="CO", on_shipping=True)
DEN = TaxRate("US", Fraction("8.81"), region="CO", postal_prefix="802", on_shipping=True)
FOOD = TaxRate("US", Fraction(0), region="CO", category="food")
VAT = TaxRate("DE", Fraction(19), included=True, on_shipping=True, valid_from=date(2007, 1, 1))
BOOKS = TaxRate("DE", Fraction(7), category="books", included=True)
TABLE = TaxTable((CO, DEN, FOOD, VAT, BOOKS))


def sale(place: Place = DENVER, *net: int, shipping: int = 0, categories: tuple[str, ...] = ()) -> Sale:
    return Sale(place, DAY, net, categories or ("standard",) * len(net), shipping)


def added(taxes: Taxes) -> list[int]:
    return [part.added for part in taxes.lines]


@pytest.mark.parametrize(
    ("place", "category", "expected"),
    [
        (DENVER, "standard", DEN),
        (BOULDER, "standard", CO),
        (BOULDER, "toys", CO),
        (DENVER, "food", FOOD),
        (BERLIN, "books", BOOKS),
        (BERLIN, "food", VAT),
        (Place("US", "WY", "82001"), "standard", None),
        (Place("FR", "", "75001"), "standard", None),
    ],
)
def test_a_rate_of_its_own_category_comes_first_then_the_nearest_place(
    place: Place, category: str, expected: TaxRate | None
) -> None:
    assert rate_for(TABLE.rates, place, category, DAY) == expected


def test_a_rate_is_valid_on_its_first_and_on_its_last_day() -> None:
    low = TaxRate("DE", Fraction(16), valid_from=date(2020, 7, 1), valid_to=date(2020, 12, 31))
    high = TaxRate("DE", Fraction(19), valid_from=date(2021, 1, 1))

    days = [date(2020, 6, 30), date(2020, 7, 1), date(2020, 12, 31), date(2021, 1, 1)]

    assert [rate_for((low, high), BERLIN, "standard", day) for day in days] == [None, low, low, high]


def test_tax_is_added_to_prices_without_it_and_found_in_those_that_include_it() -> None:
    without = TABLE.taxes_of(sale(DENVER, 2900, 100, shipping=595))
    within = TABLE.taxes_of(sale(BERLIN, 11900, 1070, shipping=590, categories=("standard", "books")))

    assert [part.tax for part in without.lines] == added(without) == [255, 9]
    assert (without.shipping_added, without.added) == (52, 316)
    assert [part.tax for part in within.lines] == [1900, 70]
    assert within.shipping is not None
    assert within.shipping.tax == 94
    assert (added(within), within.added) == ([0, 0], 0)


def test_shipping_is_taxed_only_where_the_standard_rate_says_so() -> None:
    untaxed = TaxTable((replace(CO, on_shipping=False), replace(FOOD, on_shipping=True)))

    assert untaxed.taxes_of(sale(BOULDER, 100, shipping=500)).shipping is None
    assert TABLE.taxes_of(sale(BOULDER, 100)).shipping is None
    taxed = TABLE.taxes_of(sale(BOULDER, 100, shipping=500, categories=("food",)))
    assert (added(taxed), taxed.shipping_added) == ([0], 15)


def test_each_line_is_rounded_once_half_up() -> None:
    half = TaxTable((TaxRate("US", Fraction(5)),))

    assert added(half.taxes_of(sale(DENVER, 10, 30, 9, 11))) == [1, 2, 0, 1]
    assert half_up(Fraction(5, 2)) == 3
    assert half_up(Fraction(3, 2)) == 2


@given(st.integers(0, 10**13), st.integers(0, 100 * 10**6))
def test_a_tax_is_exact_to_half_a_minor_unit(amount: int, millionths: int) -> None:
    percent = Fraction(millionths, 10**6)
    without, within = TaxRate("US", percent), TaxRate("US", percent, included=True)

    assert -Fraction(1, 2) < amount * percent / 100 - without.tax_on(amount) <= Fraction(1, 2)
    net = amount - within.tax_on(amount)
    assert 0 <= net <= amount
    assert abs(net * (1 + percent / 100) - amount) <= 1


def test_a_place_without_a_rate_is_refused_by_its_name_or_not_taxed() -> None:
    nowhere = sale(Place("US", "WY", "82001"), 1000, shipping=100)

    with pytest.raises(InvalidContent, match="no tax rate is known for WY, US, category standard") as refusal:
        TABLE.taxes_of(nowhere)

    assert refusal.value.pointer == "/ship_to"
    taxes = replace(TABLE, missing=MissingRate.ZERO).taxes_of(nowhere)
    assert taxes == Taxes((TaxPart(1000, 0),), TaxPart(100, 0))


def test_an_order_that_goes_elsewhere_is_taxed_there() -> None:
    there = sale(DENVER, 2900, 100, shipping=595)
    before = TABLE.taxes_of(there)

    after = retax(there, before, BERLIN, TABLE)

    assert (before.added, after.added) == (316, 0)
    assert [part.tax for part in after.lines] == [463, 16]
    assert retax(there, before, DENVER, TABLE) == before


def test_what_has_left_keeps_its_tax_when_the_rest_goes_elsewhere() -> None:
    there = sale(DENVER, 2900, 100, shipping=595)
    before = TABLE.taxes_of(there)

    after = retax(there, before, BOULDER, TABLE, left=(0,))

    assert after.lines[0] == before.lines[0]
    assert after.lines[1].rate == CO
    assert after.shipping == before.shipping


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=8),
    st.integers(0, 10**6),
    st.permutations([DENVER, BERLIN, BOULDER]),
)
def test_retaxing_there_and_back_ends_where_it_began(
    net: list[int], shipping: int, places: list[Place]
) -> None:
    here, elsewhere, _ = places
    sold = sale(here, *net, shipping=shipping)
    before = TABLE.taxes_of(sold)

    moved = retax(sold, before, elsewhere, TABLE)

    assert moved == TABLE.taxes_of(replace(sold, place=elsewhere))
    assert retax(replace(sold, place=elsewhere), moved, here, TABLE) == before
    assert retax(sold, before, elsewhere, TABLE, left=range(len(net))) == before


def test_a_tax_that_was_sent_must_be_the_one_that_is_worked_out() -> None:
    taxes = TABLE.taxes_of(sale(DENVER, 2900, 100, shipping=595))

    check_sent(taxes, None, [None, None])
    check_sent(taxes, 316, [255, None])
    with pytest.raises(InvalidContent, match="the tax of this line is 9") as line:
        check_sent(taxes, 316, [255, 10])
    with pytest.raises(InvalidContent, match="the tax is 316, of which 52 is on shipping") as whole:
        check_sent(taxes, 264, [255, 9])

    assert (line.value.pointer, whole.value.pointer) == ("/lines/1/tax", "/tax")


async def test_the_storefronts_tax_is_believed_as_far_as_it_sums_up() -> None:
    taxes = await GivenTax(10, (3, None)).taxes(sale(DENVER, 100, 100, shipping=500))

    assert (added(taxes), taxes.shipping) == ([3, 7], None)
    with pytest.raises(InvalidContent):
        await GivenTax(10, (3, 6)).taxes(sale(DENVER, 100, 100))


def test_a_place_is_written_one_way() -> None:
    address = {"country": "gb", "region": " eng ", "postal_code": "sw1a 1aa", "line1": "1 Street"}

    assert place_of(address) == Place("GB", "ENG", "SW1A1AA")
