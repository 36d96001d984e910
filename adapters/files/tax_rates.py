"""Tax rates from a file: by country, region, postal prefix, category and time."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final

from adapters.files import kinds
from adapters.files.sheet import Cells, Numbered, Parsed, Sheet
from domain.tax import STANDARD, TaxRate, place_of

_COLUMNS: Final = {
    "country": (),
    "region": ("state",),
    "postal_prefix": ("postal_code", "zip", "zip_prefix"),
    "category": ("tax_category",),
    "percent": ("rate",),
    "included": ("prices_include_tax",),
    "on_shipping": ("shipping_taxable",),
    "valid_from": (),
    "valid_to": (),
}
_PERCENT: Final = kinds.number(0, 100, decimals=6)
_ALWAYS: Final = date(1900, 1, 1)


def read_tax_rates(file: str, content: bytes) -> Parsed[TaxRate]:
    """Read rates, or raise UnusableFile; of one place and category no two may be valid on one day."""
    sheet = Sheet(file, content, columns=_COLUMNS, required=("country", "percent"))
    rows = [Numbered(cells.line, _rate(cells)) for cells in sheet.rows()]
    for row in rows:
        if row.value.valid_to is not None and row.value.valid_to < row.value.valid_from:
            sheet.refuse(row.line, "valid_to", f"is before {row.value.valid_from}, the first day")
    if not sheet.problems:
        _check_overlaps(sheet, rows)
    return sheet.finish(rows)


def _rate(cells: Cells) -> TaxRate:
    country = cells.required("country", kinds.country())
    region = cells.optional("region", kinds.text(100), "")
    prefix = cells.optional("postal_prefix", kinds.text(20), "")
    place = place_of({"country": country, "region": region, "postal_code": prefix})
    return TaxRate(
        country=place.country,
        region=place.region,
        postal_prefix=place.postal_code,
        category=cells.optional("category", kinds.word(), STANDARD),
        percent=Fraction(cells.required("percent", _PERCENT)),
        included=cells.optional("included", kinds.yes_or_no(), default=False),
        on_shipping=cells.optional("on_shipping", kinds.yes_or_no(), default=False),
        valid_from=cells.optional("valid_from", kinds.day(), _ALWAYS),
        valid_to=cells.optional("valid_to", kinds.day(), None),
    )


def _check_overlaps(sheet: Sheet, rows: list[Numbered[TaxRate]]) -> None:
    of_one: dict[tuple[str, ...], list[Numbered[TaxRate]]] = defaultdict(list)
    for row in rows:
        rate = row.value
        of_one[rate.country, rate.region, rate.postal_prefix, rate.category].append(row)
    for same in of_one.values():
        in_time = sorted(same, key=lambda row: (row.value.valid_from, row.line))
        for before, after in pairwise(in_time):
            if before.value.valid_to is None or before.value.valid_to >= after.value.valid_from:
                what = f"the rate of line {before.line} is still valid on {after.value.valid_from}"
                sheet.refuse(after.line, "valid_from", what)
