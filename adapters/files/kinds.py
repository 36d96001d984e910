"""The kinds of values in a file's cells, each within what the database can hold."""

import math
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from domain.iso_codes import COUNTRIES

T = TypeVar("T")

MoneyUnit = Literal["major", "minor"]
"""How a file writes money: 1.50 (major) or 150 (minor) for the same amount."""

_EXPONENT: Final = 2
_COST_DECIMALS: Final = 4
_WHOLE: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})", re.ASCII)
_MOST_WHOLE: Final = 2_147_483_647
_MOST_MONEY: Final = Decimal(10**10 - 1)
_MOST_SHOWN: Final = 40
_FIRST_YEAR: Final = 1900
_BEFORE_FLOAT_TAILS: Final = 8
"""Decimals of money that are looked at: programs that count in binary write 54.8 as 54.800000000000004."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How a cell is read: `parse` raises ValueError with the reason.

    `stand_in` takes the place of an unreadable cell, so that the rest of its row is looked at as well;
    a row with a stand-in never leaves the reader.
    """

    parse: Callable[[str], T]
    stand_in: T


def quoted(raw: str) -> str:
    """A cell as it is shown in a message."""
    return repr(raw if len(raw) <= _MOST_SHOWN else raw[: _MOST_SHOWN - 1] + "…")


def text(most: int = 255) -> Kind[str]:
    """One line of text."""

    def parse(raw: str) -> str:
        if len(raw) > most:
            raise ValueError(f"{quoted(raw)} has {len(raw)} characters, at most {most} are kept")
        if any(unicodedata.category(character) == "Cc" for character in raw):
            raise ValueError(f"{quoted(raw)} holds a control character")
        return raw

    return Kind(parse, "")


def whole(least: int = 0, most: int = _MOST_WHOLE) -> Kind[int]:
    """A whole number within bounds."""

    def parse(raw: str) -> int:
        if not _WHOLE.fullmatch(raw):
            raise ValueError(f"{quoted(raw)} is not a whole number")
        return _within(int(raw), least, most, raw)

    return Kind(parse, least)


def number(least: int, most: int, decimals: int | None = None) -> Kind[Decimal]:
    """A finite decimal within bounds; decimals beyond what is kept are refused, not rounded."""

    def parse(raw: str) -> Decimal:
        value = _within(_decimal(raw), least, most, raw)
        return value if decimals is None else _exactly(value, decimals, raw)

    return Kind(parse, Decimal(least))


def degrees(most: int) -> Kind[float]:
    """A coordinate within ±most degrees."""
    return Kind(lambda raw: float(_within(_decimal(raw), -most, most, raw)), math.nan)


LATITUDE: Final = degrees(90)
LONGITUDE: Final = degrees(180)


def cost(unit: MoneyUnit) -> Kind[Decimal]:
    """Money that we pay: minor units, exact, fractions of them allowed."""
    return Kind(lambda raw: _exactly(_minor(raw, unit), _COST_DECIMALS, raw), Decimal(0))


def price(unit: MoneyUnit, decimals: int = _EXPONENT) -> Kind[int]:
    """Money that a customer pays: whole minor units, so many decimals of a major one."""
    return Kind(lambda raw: int(_exactly(_minor(raw, unit, decimals), 0, raw)), 0)


def one_of(allowed: Collection[str]) -> Kind[str]:
    """One of a few words, in any case."""

    def parse(raw: str) -> str:
        if raw.lower() not in allowed:
            raise ValueError(f"{quoted(raw)} is none of {', '.join(sorted(allowed))}")
        return raw.lower()

    return Kind(parse, "")


def word(most: int = 50) -> Kind[str]:
    """A word that things are sorted by, in small letters: two ways to write it would be two kinds."""
    plain = text(most)
    return Kind(lambda raw: plain.parse(raw).lower(), "")


def country() -> Kind[str]:
    """The two letters of a country."""

    def parse(raw: str) -> str:
        if raw.upper() not in COUNTRIES:
            raise ValueError(f"{quoted(raw)} is no country of ISO 3166-1, in two letters")
        return raw.upper()

    return Kind(parse, "")


def yes_or_no() -> Kind[bool]:
    """Yes or no, as spreadsheets write it."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    word = one_of(words)
    return Kind(lambda raw: words[word.parse(raw)], stand_in=False)


def time_zone() -> Kind[str]:
    """The name of a time zone, as `America/Denver`."""

    def parse(raw: str) -> str:
        try:
            return ZoneInfo(raw).key
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{quoted(raw)} is not a time zone") from None

    return Kind(parse, "UTC")


def moment() -> Kind[datetime]:
    """A date and time; without an offset it is in UTC."""

    def parse(raw: str) -> datetime:
        try:
            value = datetime.fromisoformat(raw)
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(f"{quoted(raw)} is not a date and time like 2026-03-01 14:30:00") from None

    return Kind(parse, datetime.min.replace(tzinfo=UTC))


def day() -> Kind[date]:
    """A date."""

    def parse(raw: str) -> date:
        try:
            value = date.fromisoformat(raw)
        except ValueError:
            raise ValueError(f"{quoted(raw)} is not a date like 2026-03-01") from None
        if value.year < _FIRST_YEAR:
            raise ValueError(f"{quoted(raw)} is before {_FIRST_YEAR}")
        return value

    return Kind(parse, date.max)


N = TypeVar("N", int, Decimal)


def _within(value: N, least: int, most: int, raw: str) -> N:
    if not least <= value <= most:
        raise ValueError(f"{quoted(raw)} must be between {least} and {most}")
    return value


def _decimal(raw: str) -> Decimal:
    # Decimal() alone would also take NaN, infinity, exponents and digits of other scripts.
    if not _DECIMAL.fullmatch(raw):
        raise ValueError(f"{quoted(raw)} is not a number")
    return Decimal(raw)


def _minor(raw: str, unit: MoneyUnit, decimals: int = _EXPONENT) -> Decimal:
    value = round(_decimal(raw), _BEFORE_FLOAT_TAILS)
    minor = value.scaleb(decimals) if unit == "major" else value
    if not 0 <= minor <= _MOST_MONEY:
        raise ValueError(f"{quoted(raw)} must be an amount of money of at least 0 and less than 100 million")
    return minor


def _exactly(value: Decimal, decimals: int, raw: str) -> Decimal:
    if value != round(value, decimals):
        raise ValueError(f"{quoted(raw)} has more decimals than are kept")
    return value
