"""Money is written with the decimals of its currency."""

import pytest

from domain.money import written


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (123450, "USD", "1,234.50"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (0, "USD", "0.00"),
        (1234, "JPY", "1,234"),
        (1234567, "KWD", "1,234.567"),
        (-1234, "JPY", "-1,234"),
    ],
)
def test_money_is_written_with_its_decimals(amount: int, currency: str, text: str) -> None:
    assert written(amount, currency) == text


def test_what_is_no_currency_is_not_written() -> None:
    with pytest.raises(KeyError):
        written(1, "XXX")
