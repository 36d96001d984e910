"""What a shipment's carriage comes to, worked out anew from the rates as they were given."""

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from routing.errors import PlanCheckError
from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.network import RoutingLocation
from routing.model.order import Destination, RoutingLine
from routing.model.rates import Band, Service, Surcharge, ZoneMap, ZoneRow
from routing.pricing.distance import haversine_km
from routing.pricing.transfers import COLLECT

Load = list[tuple[RoutingLine, int]]


def carriage_due(shipment: Shipment, place: RoutingLocation, case: Case) -> Fraction:
    """What the carrier charges for a shipment, in minor units; raises PlanCheckError if it does not go."""
    lines = {line.line_id: line for line in case.order.lines}
    load = [(lines[part.line_id], part.quantity) for part in shipment.lines]
    if case.order.pickup_location not in (None, place.id):
        return _transfer_due(load, place, case)
    service = _service(shipment.service, case)
    band = _band(service, place, case)
    due = sum((n * _per_unit(service, line) for line, n in load), Fraction(0))
    if case.order.destination.residential:
        due += sum(Fraction(one.amount) for one in service.surcharges if one.kind == "residential")
    due += _by_weight(band, Fraction(sum(n * _billed(service, line) for line, n in load), 1000))
    foreign = service.currency is not None and service.currency != case.network.currency
    return due * Fraction(case.network.exchange[str(service.currency)]) if foreign else due


def dates_hold(shipment: Shipment, place: RoutingLocation, case: Case) -> bool:
    """Whether a shipment leaves neither in the past nor on a closed day, and arrives after it left."""
    if shipment.ship_by is None or shipment.deliver_by is None:
        return False
    if not case.now <= shipment.ship_by <= shipment.deliver_by:
        return False
    named = {place.calendar}
    if case.order.pickup_location in (None, place.id):
        named.add(_service(shipment.service, case).calendar)
    return all(_open_at(name, shipment.ship_by, place, case) for name in named if name is not None)


def _open_at(calendar: str, moment: datetime, place: RoutingLocation, case: Case) -> bool:
    return case.network.calendars[calendar].is_open(moment.astimezone(ZoneInfo(place.time_zone)).date())


def _service(name: str, case: Case) -> Service:
    for service in case.network.services:
        if service.name == name and case.order.method in service.methods:
            return service
    if name == COLLECT.name and case.order.method == "pickup":
        return COLLECT
    raise PlanCheckError(f"there is no service {name} for the order")


def _band(service: Service, place: RoutingLocation, case: Case) -> Band:
    to = case.order.destination
    known = (case.network.distances or {}).get(place.id)
    km = known if known is not None else haversine_km(place.lat, place.lng, to.lat, to.lng)
    zone = _zone(service.zones, place.postal_code or "", to) if service.zones else None
    reaching = [band for band in service.bands if km <= band.max_km and band.zone in (None, zone)]
    carried = service is COLLECT or place.services is None or service.name in place.services
    if not reaching or not carried:
        raise PlanCheckError(f"{service.name} does not reach from {place.id}")
    return min(reaching, key=lambda band: (band.max_km, band.zone is None))


def _zone(zones: ZoneMap, origin: str, to: Destination) -> str | None:
    def specific(row: ZoneRow) -> tuple[int, int, bool]:
        return len(_plain(row.origin)), len(_plain(row.destination)), row.country is not None

    matching = [
        row
        for row in zones.rows
        if _plain(origin).startswith(_plain(row.origin))
        and _plain(to.postal_code or "").startswith(_plain(row.destination))
        and (row.country is None or row.country == to.country)
    ]
    return max(matching, key=specific).zone if matching else None


def _plain(postal_code: str) -> str:
    return "".join(postal_code.split(" ")).upper()


def _by_weight(band: Band, kg: Fraction) -> Fraction:
    if not band.breaks:
        return Fraction(band.base) + kg * Fraction(band.per_kg)
    within = [step for step in band.breaks if kg <= step.max_kg]
    if not within:
        raise PlanCheckError(f"{float(kg)} kg is more than the heaviest break")
    return Fraction(within[0].base) + kg * Fraction(within[0].per_kg)


def _billed(service: Service, line: RoutingLine) -> int:
    if service.dim_divisor is None or line.dims_mm is None:
        return line.weight_g
    a, b, c = line.dims_mm
    return max(line.weight_g, -int(-(a * b * c) // Fraction(service.dim_divisor)))


def _per_unit(service: Service, line: RoutingLine) -> Fraction:
    return sum((Fraction(one.amount) for one in service.surcharges if _falls_on(one, line)), Fraction(0))


def _falls_on(surcharge: Surcharge, line: RoutingLine) -> bool:
    flagged = surcharge.flag is not None and surcharge.flag in line.flags
    if surcharge.kind != "oversize":
        return surcharge.kind == "flag" and flagged
    sides = line.dims_mm or (0, 0, 0)
    around = 2 * sum(sides) - max(sides)
    sizes = (max(sides), around, line.weight_g)
    limits = (surcharge.longest_mm, surcharge.length_and_girth_mm, surcharge.weight_g)
    return flagged or any(
        limit is not None and limit < size for limit, size in zip(limits, sizes, strict=True)
    )


def _transfer_due(load: Load, place: RoutingLocation, case: Case) -> Fraction:
    for leg in case.network.transfers:
        if (leg.origin, leg.store) == (place.id, case.order.pickup_location):
            units, grams = sum(n for _, n in load), sum(n * line.weight_g for line, n in load)
            by_weight = Fraction(grams, 1000) * Fraction(leg.per_kg)
            return Fraction(leg.base) + units * Fraction(leg.per_unit) + by_weight
    raise PlanCheckError(f"{place.id} brings nothing to {case.order.pickup_location}")
