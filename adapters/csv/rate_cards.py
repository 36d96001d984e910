"""Rate cards from a file: the distance bands of one or more services."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from adapters.csv import kinds
from adapters.csv.sheet import Cells, Numbered, Parsed, Sheet
from adapters.db.rate_cards import RateBand

_COLUMNS: Final = {
    "service": ("service_name",),
    "min_km": ("from_km",),
    "max_km": ("to_km",),
    "base": ("base_price",),
    "per_kg": (),
    "transit_days": ("transit_days_p50", "days"),
}
_KM: Final = kinds.number(0, 999_999, decimals=3)
_DAYS: Final = kinds.number(0, 999, decimals=2)


def read_rate_card(
    file: str, content: bytes, money: kinds.MoneyUnit = "major", service: str = "standard"
) -> Parsed[RateBand]:
    """Read bands, or raise UnusableFile; a file without a service column is all of `service`.

    Where the file says where a band begins, it must begin where the one before it ends: the first band that
    reaches far enough applies, so a gap would be priced by the band behind it.
    """
    sheet = Sheet(file, content, columns=_COLUMNS, required=("max_km", "base", "per_kg", "transit_days"))
    rows = []
    starts: dict[int, Decimal | None] = {}
    for cells in sheet.rows():
        band = _band(cells, money, service)
        starts[cells.line] = cells.optional("min_km", _KM, None)
        sheet.once(cells.line, "max_km", (band.service, band.max_km), f"{band.service} to {band.max_km} km")
        rows.append(Numbered(cells.line, band))
    if not sheet.problems:
        _check_starts(sheet, rows, starts)
    return sheet.finish(rows)


def _band(cells: Cells, money: kinds.MoneyUnit, service: str) -> RateBand:
    return RateBand(
        service=cells.optional("service", kinds.text(100), service),
        max_km=cells.required("max_km", _KM),
        base=cells.required("base", kinds.cost(money)),
        per_kg=cells.required("per_kg", kinds.cost(money)),
        transit_days=cells.required("transit_days", _DAYS),
    )


def _check_starts(sheet: Sheet, rows: list[Numbered[RateBand]], starts: dict[int, Decimal | None]) -> None:
    reach: dict[str, Decimal] = defaultdict(Decimal)
    for row in sorted(rows, key=lambda row: row.value.max_km):
        start, expected = starts[row.line], reach[row.value.service]
        if start is not None and start != expected:
            sheet.refuse(row.line, "min_km", f"{start}, but the band before it ends at {expected}")
        reach[row.value.service] = row.value.max_km
