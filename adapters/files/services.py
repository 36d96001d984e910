"""Carriers' services from files: what they keep to, their zones and their surcharges."""

from decimal import Decimal
from typing import Final, cast

from adapters.db.carrier_services import CarrierService, ServiceSurcharge, ServiceZone
from adapters.files import kinds
from adapters.files.lists import several, time_of_day
from adapters.files.sheet import Cells, Numbered, Parsed, Sheet
from adapters.files.transfers import currency
from routing import RoutingInputError, Surcharge, ZoneRow
from routing.model.rates import SurchargeKind

SERVICE_LEVELS: Final = ("standard", "expedited", "same_day")
_SERVICE: Final = {
    "name": ("service",),
    "service_level": ("level",),
    "active": (),
    "dim_divisor": (),
    "calendar": (),
    "pickups": ("pick_ups",),
    "currency": (),
}
_ZONE: Final = {
    "service": ("service_name",),
    "zone": (),
    "origin": ("origin_prefix", "from"),
    "destination": ("destination_prefix", "to"),
    "country": (),
}
_SURCHARGE: Final = {
    "service": ("service_name",),
    "name": ("surcharge",),
    "kind": (),
    "amount": (),
    "longest_mm": (),
    "length_and_girth_mm": (),
    "weight_g": (),
    "flag": (),
}
_KINDS: Final = ("oversize", "flag", "residential")


def read_services_file(file: str, content: bytes) -> Parsed[CarrierService]:
    """Read services, each once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_SERVICE, required=("name",))
    rows = []
    for cells in sheet.rows():
        service = CarrierService(
            name=cells.required("name", kinds.text(100)),
            service_level=cells.optional("service_level", kinds.one_of(SERVICE_LEVELS), "standard"),
            active=cells.optional("active", kinds.yes_or_no(), default=True),
            dim_divisor=cells.optional("dim_divisor", kinds.number(1, 999_999, decimals=3), None),
            calendar=cells.optional("calendar", kinds.text(100), None),
            pickups=cells.optional("pickups", several(time_of_day()), ()),
            currency=cells.optional("currency", currency(), None),
        )
        sheet.once(cells.line, "name", service.name, f"service {service.name}")
        rows.append(Numbered(cells.line, service))
    return sheet.finish(rows)


def read_zones(file: str, content: bytes) -> Parsed[ServiceZone]:
    """Read the rows of zone maps, each pair of prefixes once for a service, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_ZONE, required=("service", "zone", "destination"))
    rows = []
    for cells in sheet.rows():
        row = ZoneRow(
            origin=_prefix(cells, "origin"),
            destination=_prefix(cells, "destination"),
            zone=cells.required("zone", kinds.text(50)),
            country=cells.optional("country", kinds.country(), None),
        )
        service = cells.required("service", kinds.text(100))
        told = f"{row.origin or 'anywhere'} to {row.destination or 'anywhere'} of {service}"
        key = (service, row.origin, row.destination, row.country)
        sheet.once(cells.line, "destination", key, told)
        rows.append(Numbered(cells.line, ServiceZone(service, row)))
    return sheet.finish(rows)


def _prefix(cells: Cells, column: str) -> str:
    return "".join(cells.optional(column, kinds.text(12), "").split()).upper()


def read_surcharges(file: str, content: bytes, money: kinds.MoneyUnit = "major") -> Parsed[ServiceSurcharge]:
    """Read surcharges, each name once for a service, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_SURCHARGE, required=("service", "name", "kind", "amount"))
    rows = []
    for cells in sheet.rows():
        service, name = (cells.required(column, kinds.text(100)) for column in ("service", "name"))
        surcharge = _surcharge(sheet, cells, name, money)
        sheet.once(cells.line, "name", (service, name), f"{name} of {service}")
        if surcharge is not None:
            rows.append(Numbered(cells.line, ServiceSurcharge(service, surcharge)))
    return sheet.finish(rows)


def _surcharge(sheet: Sheet, cells: Cells, name: str, money: kinds.MoneyUnit) -> Surcharge | None:
    amount: Decimal = cells.required("amount", kinds.cost(money))
    limits = {
        limit: cells.optional(limit, kinds.whole(1), None)
        for limit in ("longest_mm", "length_and_girth_mm", "weight_g")
    }
    flag = cells.optional("flag", kinds.word(), None)
    kind = cast("SurchargeKind", cells.required("kind", kinds.one_of(_KINDS)))
    if not sheet.sound(cells.line):
        return None
    try:
        return Surcharge(name, kind, amount, **limits, flag=flag)
    except RoutingInputError as error:
        cells.refuse("kind", str(error))
        return None
