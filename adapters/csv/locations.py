"""Locations from a file."""

from decimal import Decimal
from typing import Final, cast

from adapters.csv import kinds
from adapters.csv.sheet import Cells, Numbered, Parsed, Sheet
from adapters.db.catalog import Location
from routing.network import CapacityUnit, LocationKind

_COLUMNS: Final = {
    "id": ("location_id",),
    "name": (),
    "kind": ("type",),
    "lat": ("latitude",),
    "lng": ("longitude", "lon"),
    "time_zone": ("timezone", "tz"),
    "handling_cost": (),
    "handling_per_unit": (),
    "daily_capacity": ("daily_order_capacity", "capacity"),
    "capacity_unit": (),
    "active": (),
    "city": (),
    "state": ("region",),
}
_KINDS: Final = ("dc", "store", "3pl", "supplier")


def read_locations(file: str, content: bytes, money: kinds.MoneyUnit = "major") -> Parsed[Location]:
    """Read locations, or raise UnusableFile.

    A location without a name is called after its city, or its id.
    """
    sheet = Sheet(file, content, columns=_COLUMNS, required=("id", "kind", "lat", "lng"))
    rows = []
    for cells in sheet.rows():
        location = _location(cells, money)
        sheet.once(cells.line, "location_id", location.id, f"location {location.id}")
        rows.append(Numbered(cells.line, location))
    return sheet.finish(rows)


def _location(cells: Cells, money: kinds.MoneyUnit) -> Location:
    location_id = cells.required("id", kinds.text(100))
    return Location(
        id=location_id,
        name=cells.optional("name", kinds.text(), _city(cells) or location_id),
        kind=cast("LocationKind", cells.required("kind", kinds.one_of(_KINDS))),
        lat=cells.required("lat", kinds.LATITUDE),
        lng=cells.required("lng", kinds.LONGITUDE),
        time_zone=cells.optional("time_zone", kinds.time_zone(), "UTC"),
        handling_cost=cells.optional("handling_cost", kinds.cost(money), Decimal(0)),
        handling_per_unit=cells.optional("handling_per_unit", kinds.cost(money), Decimal(0)),
        daily_capacity=cells.optional("daily_capacity", kinds.whole(), None),
        capacity_unit=cast(
            "CapacityUnit", cells.optional("capacity_unit", kinds.one_of(("orders", "units")), "orders")
        ),
        active=cells.optional("active", kinds.yes_or_no(), default=True),
    )


def _city(cells: Cells) -> str:
    parts = [cells.optional(column, kinds.text(), "") for column in ("city", "state")]
    return ", ".join(part for part in parts if part)
