"""Countries and currencies as the world agreed on them."""

import pytest

from domain.iso_codes import CURRENCIES, decimals


@pytest.mark.parametrize(
    ("currency", "expected"),
    [
        ("USD", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("CLP", 0),
        ("ISK", 0),
        ("KWD", 3),
        ("TND", 3),
        ("MGA", 2),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, expected: int) -> None:
    assert decimals(currency) == expected


def test_every_currency_has_decimals_and_nothing_else_has() -> None:
    assert {decimals(currency) for currency in CURRENCIES} == {0, 2, 3}
    assert sum(decimals(currency) == 0 for currency in CURRENCIES) == 16
    assert sum(decimals(currency) == 3 for currency in CURRENCIES) == 7
    with pytest.raises(KeyError):
        decimals("XXX")
