"""Tax rates as a file: readable, and refused line by line."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from adapters.files.problems import UnusableFile
from adapters.files.tax_rates import read_tax_rates
from domain.tax import TaxRate

RUNBOOK = Path(__file__).parents[3] / "docs/runbook.md"


def test_rates_are_read_with_what_the_file_leaves_out() -> None:
    content = (
        b"Country,State,ZIP,Tax category,Rate,Prices include tax,Shipping taxable,Valid from,Valid to\n"
        b"us,co,80 2,Food,8.81,no,yes,2026-01-01,2026-12-31\nDE,,,,19,,,,\n"
    )

    rates = read_tax_rates("rates.csv", content).values

    assert rates == [
        TaxRate(
            "US", Fraction("8.81"), "CO", "802", "food", on_shipping=True,
            valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31),
        ),
        TaxRate("DE", Fraction(19)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("XX,5,,", "rates.csv:2: country: 'XX' is no country"),
        ("US,101,,", "rates.csv:2: percent: '101' must be between 0 and 100"),
        ("US,8.1234567,,", "rates.csv:2: percent: '8.1234567' has more decimals than are kept"),
        ("US,,,", "rates.csv:2: percent: is empty"),
        ("US,5,01.02.2026,", "rates.csv:2: valid_from: '01.02.2026' is not a date"),
        ("US,5,0001-01-01,", "rates.csv:2: valid_from: '0001-01-01' is before 1900"),
        ("US,5,2026-02-01,2026-01-31", "rates.csv:2: valid_to: is before 2026-02-01, the first day"),
        (
            "US,5,,\nUS,6,2026-01-01,",
            "rates.csv:3: valid_from: the rate of line 2 is still valid on 2026-01-01",
        ),
        (
            "US,5,2026-01-01,2026-02-01\nUS,6,2026-02-01,",
            "rates.csv:3: valid_from: the rate of line 2 is still valid on 2026-02-01",
        ),
        (
            "US,5,2026-01-01,\nUS,6,,",
            "rates.csv:2: valid_from: the rate of line 3 is still valid on 2026-01-01",
        ),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column(rows: str, told: str) -> None:
    with pytest.raises(UnusableFile) as refused:
        read_tax_rates("rates.csv", f"country,percent,valid_from,valid_to\n{rows}\n".encode())

    assert str(refused.value).startswith(told)


def test_rates_that_follow_each_other_are_taken() -> None:
    rows = b"DE,19,,2020-06-30\nDE,19,2021-01-01,\nDE,16,2020-07-01,2020-12-31\n"
    content = b"country,percent,valid_from,valid_to\n" + rows

    assert [rate.percent for rate in read_tax_rates("rates.csv", content).values] == [19, 19, 16]


def test_the_table_in_the_runbook_can_be_imported() -> None:
    (shown,) = re.findall(r"```csv\n(country,.*?)```", RUNBOOK.read_text("utf-8"), flags=re.DOTALL)

    rates = read_tax_rates("rates.csv", shown.encode()).values

    assert {(rate.country, rate.category) for rate in rates} == {
        ("US", "standard"), ("US", "food"), ("DE", "standard"), ("DE", "books"),
    }  # fmt: skip
