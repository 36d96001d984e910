"""Tax by a table: its rates in the database, an order's tax worked out from them, and what is kept of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import products, tax_rates
from domain.tax import STANDARD, MissingRate, Place, Sale, Taxes, TaxPart, TaxRate, TaxTable, retax


@dataclass(frozen=True, slots=True)
class TableTax:
    """The tax that the table says, over the connection of the order's own transaction."""

    connection: AsyncConnection
    skus: tuple[str, ...]
    missing: MissingRate

    async def taxes(self, sale: Sale) -> Taxes:
        """Work the tax of a sale out, each line by its product's category.

        Raises InvalidContent for a place without a rate, if such are refused.
        """
        table = await self._table(sale.place, sale.on)
        return table.taxes_of(await self._sorted(sale))

    async def taxes_elsewhere(
        self, sale: Sale, before: Taxes, place: Place, *, left: Collection[int]
    ) -> Taxes:
        """Work it out for another place, but for the lines that keep their tax, as `retax` does."""
        table = await self._table(place, sale.on)
        return retax(await self._sorted(sale), before, place, table, left=left)

    async def _table(self, place: Place, on: date) -> TaxTable:
        return TaxTable(tuple(await _rates_of(self.connection, place.country, on)), self.missing)

    async def _sorted(self, sale: Sale) -> Sale:
        known = await _categories(self.connection, set(self.skus))
        return replace(sale, categories=tuple(known.get(sku, STANDARD) for sku in self.skus))


async def _categories(connection: AsyncConnection, skus: Collection[str]) -> dict[str, str]:
    found = await connection.execute(
        select(products.c.sku, products.c.tax_category).where(products.c.sku.in_(skus))
    )
    return {row.sku: row.tax_category for row in found}


async def _rates_of(connection: AsyncConnection, country: str, on: date) -> list[TaxRate]:
    valid = or_(tax_rates.c.valid_to.is_(None), tax_rates.c.valid_to >= on)
    found = await connection.execute(
        select(tax_rates).where(tax_rates.c.country == country, tax_rates.c.valid_from <= on, valid)
    )
    return [_rate(row) for row in found]


def _rate(row: Row[Any]) -> TaxRate:
    return TaxRate(
        country=row.country,
        percent=Fraction(row.percent),
        region=row.region,
        postal_prefix=row.postal_prefix,
        category=row.category,
        included=row.included,
        on_shipping=row.on_shipping,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def kept(taxes: Taxes) -> list[dict[str, Any]]:
    """What an order keeps of its tax: each part, on what, and by which rate; shipping's names no line."""
    lines = [_kept(str(position), part) for position, part in enumerate(taxes.lines, 1)]
    return lines + ([_kept(None, taxes.shipping)] if taxes.shipping is not None else [])


def read_back(parts: Sequence[Mapping[str, Any]]) -> Taxes:
    """The taxes that an order keeps; of their rates, what it keeps of them."""
    shipping = [_read_back(part) for part in parts if part["line_id"] is None]
    lines = tuple(_read_back(part) for part in parts if part["line_id"] is not None)
    return Taxes(lines, shipping[0] if shipping else None)


def _read_back(part: Mapping[str, Any]) -> TaxPart:
    used = part["rate"]
    if used is None:
        return TaxPart(part["base"], part["tax"])
    rate = TaxRate(
        country=used["country"],
        percent=Fraction(used["percent"]),
        region=used["region"],
        postal_prefix=used["postal_prefix"],
        category=used["category"],
        included=part["included"],
    )
    return TaxPart(part["base"], part["tax"], rate)


def _kept(line_id: str | None, part: TaxPart) -> dict[str, Any]:
    rate = part.rate
    return {
        "line_id": line_id,
        "base": part.base,
        "tax": part.tax,
        "included": rate is not None and rate.included,
        "rate": None if rate is None else _named(rate),
    }


def _named(rate: TaxRate) -> dict[str, str]:
    return {
        "country": rate.country,
        "region": rate.region,
        "postal_prefix": rate.postal_prefix,
        "category": rate.category,
        "percent": shown_percent(rate.percent),
    }


def shown_percent(percent: Fraction) -> str:
    """A rate as people write it, exactly: 8.25, 19."""
    exact = Decimal(percent.numerator) / Decimal(percent.denominator)
    return f"{exact.normalize():f}"


async def put_tax_rates(connection: AsyncConnection, rates: Sequence[TaxRate]) -> None:
    """Put the rates of the countries that they name; former ones of these countries go as a whole."""
    if not rates:
        return
    await connection.execute(text("LOCK TABLE tax_rates IN SHARE ROW EXCLUSIVE MODE"))
    countries = {rate.country for rate in rates}
    await connection.execute(delete(tax_rates).where(tax_rates.c.country.in_(countries)))
    rows = [asdict(rate) | {"percent": Decimal(shown_percent(rate.percent))} for rate in rates]
    await connection.execute(insert(tax_rates), rows)


async def list_tax_rates(
    connection: AsyncConnection, *, country: str | None, after: tuple[str, ...] | None, limit: int
) -> list[dict[str, Any]]:
    """A page of the table in the order of its key, those behind `after` only."""
    table = tax_rates.c
    key = (table.country, table.region, table.postal_prefix, table.category, table.valid_from)
    query = select(tax_rates).order_by(*key).limit(limit)
    if country is not None:
        query = query.where(table.country == country)
    if after is not None:
        *names, since = after
        query = query.where(tuple_(*key) > tuple_(*names, date.fromisoformat(since)))
    found = await connection.execute(query)
    return [{**row, "percent": shown_percent(Fraction(row["percent"]))} for row in found.mappings()]
