"""Rate cards from a file: the distance bands of one or more services."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from adapters.db.rate_cards import RateBand
from adapters.files import kinds
from adapters.files.sheet import Cells, Numbered, Parsed, Sheet

_COLUMNS: Final = {
    "service": ("service_name",),
    "min_km": ("from_km",),
    "max_km": ("to_km",),
    "base": ("base_price",),
    "per_kg": (),
    "transit_days": ("transit_days_p50", "days"),
    "max_kg": ("to_kg",),
    "postal_zone": (),
}
_KM: Final = kinds.number(0, 999_999, decimals=3)
_KG: Final = kinds.number(0, 999_999, decimals=3)
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
        heaviest = "" if band.max_kg is None else f" and {band.max_kg} kg"
        told = f"{band.service}{band.zone and ' in zone ' + band.zone} to {band.max_km} km{heaviest}"
        sheet.once(cells.line, "max_km", (band.service, band.zone, band.max_km, band.max_kg), told)
        rows.append(Numbered(cells.line, band))
    if not sheet.problems:
        _check_breaks(sheet, rows)
        _check_starts(sheet, rows, starts)
    return sheet.finish(rows)


def _band(cells: Cells, money: kinds.MoneyUnit, service: str) -> RateBand:
    return RateBand(
        service=cells.optional("service", kinds.text(100), service),
        max_km=cells.required("max_km", _KM),
        base=cells.required("base", kinds.cost(money)),
        per_kg=cells.required("per_kg", kinds.cost(money)),
        transit_days=cells.required("transit_days", _DAYS),
        max_kg=cells.optional("max_kg", _KG, None),
        zone=cells.optional("postal_zone", kinds.text(50), ""),
    )


def _check_breaks(sheet: Sheet, rows: list[Numbered[RateBand]]) -> None:
    """Rows of one band either all have a break, and the same days, or there is only one."""
    first: dict[tuple[str, str, Decimal], Numbered[RateBand]] = {}
    for row in rows:
        band = row.value
        before = first.setdefault((band.service, band.zone, band.max_km), row)
        if (before.value.max_kg is None) != (band.max_kg is None):
            sheet.refuse(row.line, "max_kg", f"line {before.line} is of the same band: give both a break")
        elif band.max_kg is not None and band.max_kg <= 0:
            sheet.refuse(row.line, "max_kg", "must be more than 0")
        elif before.value.transit_days != band.transit_days:
            sheet.refuse(row.line, "transit_days", f"{before.value.transit_days} on line {before.line}")


def _check_starts(sheet: Sheet, rows: list[Numbered[RateBand]], starts: dict[int, Decimal | None]) -> None:
    reach: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in sorted(rows, key=lambda row: row.value.max_km):
        within = (row.value.service, row.value.zone)
        start, expected = starts[row.line], reach[within]
        another_break = row.value.max_kg is not None and expected == row.value.max_km
        if start is not None and start != expected and not another_break:
            sheet.refuse(row.line, "min_km", f"{start}, but the band before it ends at {expected}")
        reach[within] = row.value.max_km
