"""Tax: who says how much of it there is, and how it is worked out from a table of rates.

All is exact: a rate is a fraction, and each line's tax is rounded once, half up, to the minor unit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Protocol

from domain.errors import InvalidContent
from domain.pricing import share

STANDARD: Final = "standard"
"""The category of products that are taxed like most, and of shipping."""


class TaxSource(StrEnum):
    """Who says the tax of an order."""

    GIVEN = "given"
    TABLE = "table"


class MissingRate(StrEnum):
    """What becomes of an order to a place that the table has no rate for."""

    REFUSE = "refuse"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is taxed; made by `place_of`, so that one place is written one way."""

    country: str
    region: str
    postal_code: str


def place_of(address: Mapping[str, Any]) -> Place:
    """The place of an address: capitals, and a postal code without spaces and dashes."""
    names = ("country", "region", "postal_code")
    country, region, code = (str(address.get(name) or "").strip().upper() for name in names)
    return Place(country, region, "".join(code.split()).replace("-", ""))


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A row of the table. An empty region or prefix stands for all; both days of the validity count.

    `included`: prices hold the tax already. `on_shipping` is looked at in the standard category only.
    """

    country: str
    percent: Fraction
    region: str = ""
    postal_prefix: str = ""
    category: str = STANDARD
    included: bool = False
    on_shipping: bool = False
    valid_from: date = date(1900, 1, 1)
    valid_to: date | None = None

    def covers(self, place: Place, on: date) -> bool:
        """Whether the rate is one of the place, at that day."""
        return (
            self.country == place.country
            and self.region in {"", place.region}
            and place.postal_code.startswith(self.postal_prefix)
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )

    def tax_on(self, amount: int) -> int:
        """The tax in minor units on an amount before tax, or the part of one that includes it."""
        share_of_it = self.percent / (100 + self.percent if self.included else 100)
        return half_up(amount * share_of_it)


def half_up(amount: Fraction) -> int:
    """Round an amount of at least 0 to the minor unit."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The tax of one line, or of shipping: on what, how much, and by which rate.

    `tax` is in `base` already when the rate includes it, else it is added. Without a rate it is 0, or what
    the storefront said.
    """

    base: int
    tax: int
    rate: TaxRate | None = None

    @property
    def added(self) -> int:
        """What the tax adds to the price."""
        return 0 if self.rate is not None and self.rate.included else self.tax


@dataclass(frozen=True, slots=True)
class Taxes:
    """The tax of an order, line by line; `shipping` None when shipping costs nothing, or is not taxed."""

    lines: tuple[TaxPart, ...]
    shipping: TaxPart | None = None

    @property
    def added(self) -> int:
        """What all taxes add to the prices."""
        return sum(part.added for part in self.lines) + self.shipping_added

    @property
    def shipping_added(self) -> int:
        """What the tax on shipping adds."""
        return 0 if self.shipping is None else self.shipping.added


@dataclass(frozen=True, slots=True)
class Sale:
    """What is taxed, when and where: what each line costs without its discount, its product's category."""

    place: Place
    on: date
    net: tuple[int, ...]
    categories: tuple[str, ...] = field(default=())
    shipping: int = 0


class TaxPort(Protocol):
    """Who says the tax. Raises InvalidContent, naming the place or the line, when it cannot be said."""

    async def taxes(self, sale: Sale) -> Taxes:
        """The tax of a sale."""
        ...


@dataclass(frozen=True, slots=True)
class GivenTax:
    """The storefront says the order's tax, and what of it is each line's, or leaves that to us."""

    whole: int
    parts: tuple[int | None, ...]

    async def taxes(self, sale: Sale) -> Taxes:
        """What was said, in parts that sum up; shipping has none of its own."""
        parts = share("tax", self.parts, self.whole, sale.net)
        return Taxes(tuple(TaxPart(base, tax) for base, tax in zip(sale.net, parts, strict=True)))


def rate_for(rates: Collection[TaxRate], place: Place, category: str, on: date) -> TaxRate | None:
    """The rate of a kind of product at a place and a day; None when the table has none.

    A rate of its own category comes before a standard one; then the longest postal prefix, then the region.
    """
    there = [rate for rate in rates if rate.covers(place, on)]
    own = [rate for rate in there if rate.category == category]
    chosen = own or [rate for rate in there if rate.category == STANDARD]
    return max(chosen, key=lambda rate: (len(rate.postal_prefix), bool(rate.region)), default=None)


@dataclass(frozen=True, slots=True)
class TaxTable:
    """The rates that there are, and what is done where there is none."""

    rates: tuple[TaxRate, ...]
    missing: MissingRate = MissingRate.REFUSE

    def taxes_of(self, sale: Sale) -> Taxes:
        """Work the tax of a sale out. Raises InvalidContent for a place without a rate, if it is refused."""
        parts = zip(sale.net, sale.categories, strict=True)
        return Taxes(
            tuple(self._part(sale, base, category) for base, category in parts), self._on_shipping(sale)
        )

    def _on_shipping(self, sale: Sale) -> TaxPart | None:
        rate = rate_for(self.rates, sale.place, STANDARD, sale.on)
        if not sale.shipping or (rate is not None and not rate.on_shipping):
            return None
        return self._part(sale, sale.shipping, STANDARD)

    def _part(self, sale: Sale, base: int, category: str) -> TaxPart:
        rate = rate_for(self.rates, sale.place, category, sale.on)
        if rate is None and self.missing is MissingRate.REFUSE:
            place = ", ".join(part for part in (sale.place.region, sale.place.country) if part)
            text = f"no tax rate is known for {place}, category {category}, on {sale.on.isoformat()}"
            raise InvalidContent(text, "/ship_to")
        return TaxPart(base, 0 if rate is None else rate.tax_on(base), rate)


def retax(sale: Sale, before: Taxes, place: Place, table: TaxTable, *, left: Collection[int] = ()) -> Taxes:
    """The taxes of a sale that goes to another place, by the rates of the day of the sale.

    `left`: the positions, from 0, of lines of which a unit has left a location. They keep their tax, as it
    has been charged; so does shipping, once anything has left.
    """
    after = table.taxes_of(replace(sale, place=place))
    lines = tuple(before.lines[index] if index in left else part for index, part in enumerate(after.lines))
    return Taxes(lines, before.shipping if left else after.shipping)


def check_sent(taxes: Taxes, whole: int | None, parts: Sequence[int | None]) -> None:
    """Raise InvalidContent, naming the line, where a storefront sent another tax than we work out."""
    for index, (sent, part) in enumerate(zip(parts, taxes.lines, strict=True)):
        if sent is not None and sent != part.added:
            raise InvalidContent(f"the tax of this line is {part.added}", f"/lines/{index}/tax")
    if whole is not None and whole != taxes.added:
        text = f"the tax is {taxes.added}, of which {taxes.shipping_added} is on shipping"
        raise InvalidContent(text, "/tax")
