"""Money as people read it."""

from domain.iso_codes import decimals


def written(amount: int, currency: str) -> str:
    """An amount of minor units with the currency's decimals and groups of thousands: 1,234.50 or 1,235.

    KeyError for what is no currency.
    """
    places = decimals(currency)
    whole, part = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}" + (f".{part:0{places}}" if places else "")
