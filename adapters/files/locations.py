"""Locations from a file."""

from decimal import Decimal
from typing import Final, cast

from adapters.db.catalog import Location
from adapters.files import kinds
from adapters.files.lists import several, time_of_day
from adapters.files.sheet import Cells, Numbered, Parsed, Sheet
from routing.model.network import CapacityUnit, LocationKind

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
    "postal_code": ("zip", "postcode"),
    "calendar": (),
    "cutoff": ("cut_off",),
    "processing_minutes": (),
    "groups": (),
    "services": (),
    "methods": (),
    "handles": (),
    "offline": (),
    "priority": (),
    "cool_off_until": (),
    "countries": (),
    "regions": (),
    "postal_prefixes": (),
    "not_countries": (),
    "not_regions": (),
    "not_postal_prefixes": (),
}
REGION_COLUMNS: Final = (
    "countries",
    "regions",
    "postal_prefixes",
    "not_countries",
    "not_regions",
    "not_postal_prefixes",
)
_WORDS: Final = several(kinds.text(100))
_METHODS: Final = several(kinds.one_of(("ship", "pickup")))
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
        postal_code=cells.optional("postal_code", kinds.text(20), None),
        calendar=cells.optional("calendar", kinds.text(100), None),
        cutoff=cells.optional("cutoff", time_of_day(), None),
        processing_minutes=cells.optional("processing_minutes", kinds.whole(), 0),
        groups=cells.optional("groups", _WORDS, ()),
        services=cells.optional("services", _WORDS, None),
        methods=cells.optional("methods", _METHODS, ("ship", "pickup")),
        serves=_serves(cells),
        handles=cells.optional("handles", _WORDS, None),
        offline=cells.optional("offline", kinds.yes_or_no(), default=False),
        priority=cells.optional("priority", kinds.whole(), None),
        cool_off_until=cells.optional("cool_off_until", kinds.moment(), None),
    )


def _serves(cells: Cells) -> dict[str, list[str]] | None:
    named = {column: cells.optional(column, _WORDS, None) for column in REGION_COLUMNS}
    return {column: list(listed) for column, listed in named.items() if listed is not None} or None


def _city(cells: Cells) -> str:
    parts = [cells.optional(column, kinds.text(), "") for column in ("city", "state")]
    return ", ".join(part for part in parts if part)
