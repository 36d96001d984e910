"""Amounts as Stripe counts them: its minor units are not ISO 4217's in three currencies.

https://docs.stripe.com/currencies: krónur and Ugandan shillings are sent with two decimals that have to be
zero, ariary without decimals. Amounts of three decimals have to end in 0.
"""

from typing import Final

_MORE: Final = {"ISK": 100, "UGX": 100}
_FEWER: Final = {"MGA": 100}
_TENS: Final = {"BHD", "JOD", "KWD", "OMR", "TND"}


class NotPayable(ValueError):  # noqa: N818 (names the amount)
    """An amount that cannot be said in Stripe's minor units."""


def to_stripe(amount: int, currency: str) -> int:
    """Return an amount in our minor units in Stripe's. NotPayable when it is finer than those."""
    units, rest = divmod(amount * _MORE.get(currency, 1), _FEWER.get(currency, 1))
    if rest or (currency in _TENS and units % 10):
        raise NotPayable(f"Stripe takes no amount of {currency} that is as fine as this")
    return units


def from_stripe(units: int, currency: str) -> int:
    """Return an amount in Stripe's minor units in ours; `currency` in Stripe's small letters, or ours."""
    code = currency.upper()
    return units * _FEWER.get(code, 1) // _MORE.get(code, 1)
