"""Transfer legs and exchange rates from files."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from adapters.files import kinds
from adapters.files.kinds import Kind
from adapters.files.sheet import Numbered, Parsed, Sheet
from domain.iso_codes import CURRENCIES
from routing import TransferLeg

_LEG: Final = {
    "origin": ("from", "origin_location"),
    "store": ("to", "destination"),
    "base": ("base_price",),
    "per_unit": (),
    "per_kg": (),
    "days": ("transit_days",),
}
_RATE: Final = {"currency": ("code",), "rate": ("exchange", "exchange_rate")}
_DAYS: Final = kinds.number(0, 999, decimals=2)
_MOST: Final = 999_999_999


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one minor unit of a currency is worth in minor units of the network's."""

    currency: str
    rate: Decimal


def read_transfers_file(file: str, content: bytes, money: kinds.MoneyUnit = "major") -> Parsed[TransferLeg]:
    """Read legs, each pair of locations once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_LEG, required=("origin", "store", "base"))
    rows = []
    for cells in sheet.rows():
        origin, store = (cells.required(column, kinds.text(100)) for column in ("origin", "store"))
        base = cells.required("base", kinds.cost(money))
        per_unit, per_kg = (
            cells.optional(column, kinds.cost(money), Decimal(0)) for column in ("per_unit", "per_kg")
        )
        days = cells.optional("days", _DAYS, Decimal(0))
        if origin == store and sheet.sound(cells.line):
            cells.refuse("store", "a location needs no transfer to itself")
        sheet.once(cells.line, "origin", (origin, store), f"{origin} to {store}")
        if sheet.sound(cells.line):
            rows.append(Numbered(cells.line, TransferLeg(origin, store, base, per_unit, per_kg, days)))
    return sheet.finish(rows)


def read_exchange_file(file: str, content: bytes) -> Parsed[ExchangeRate]:
    """Read rates, each currency once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_RATE, required=("currency", "rate"))
    rows = []
    for cells in sheet.rows():
        found = ExchangeRate(cells.required("currency", currency()), cells.required("rate", _rate()))
        sheet.once(cells.line, "currency", found.currency, f"the rate of {found.currency}")
        rows.append(Numbered(cells.line, found))
    return sheet.finish(rows)


def currency() -> Kind[str]:
    """The three letters of a currency."""

    def parse(raw: str) -> str:
        if raw.upper() not in CURRENCIES:
            raise ValueError(f"{kinds.quoted(raw)} is no currency of ISO 4217")
        return raw.upper()

    return Kind(parse, "")


def _rate() -> Kind[Decimal]:
    within = kinds.number(0, _MOST, decimals=10)

    def parse(raw: str) -> Decimal:
        if not (rate := within.parse(raw)):
            raise ValueError("a currency is worth more than nothing")
        return rate

    return Kind(parse, Decimal(1))
