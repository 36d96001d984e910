"""What one service charges for one order: which band applies, and its exact price."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from routing.model.network import Network
from routing.model.order import RoutingLine, RoutingOrder
from routing.model.rates import Band, Service, Surcharge
from routing.pricing.distance import BandTable
from routing.pricing.freight import Freight, FreightBreak
from routing.pricing.zones import ZoneFinder

GRAMS_PER_KG = 1000


class Tariff:
    """A service's rates, made ready for one order and many locations."""

    def __init__(self, service: Service, order: RoutingOrder, network: Network) -> None:
        self.service = service
        foreign = service.currency not in (None, network.currency)
        self._rate = Fraction(network.exchange[service.currency or ""]) if foreign else Fraction(1)
        self._grams = tuple(billable_grams(line, service.dim_divisor) for line in order.lines)
        self._extras = tuple(self._extra(line) for line in order.lines)
        charged = [one.amount for one in service.surcharges if one.kind == "residential"]
        self._fixed = (
            sum(map(Fraction, charged), Fraction(0)) if order.destination.residential else Fraction(0)
        )
        self._freights: dict[int, Freight] = {}
        self._zones = ZoneFinder(service.zones, order.destination) if service.zones else None
        self._tables: dict[str | None, BandTable] = {}

    @property
    def reach(self) -> float:
        """The farthest that any band goes, in km."""
        return max((float(band.max_km) for band in self.service.bands), default=0.0)

    def zone(self, postal_code: str | None) -> str | None:
        """The zone of the destination, seen from an origin."""
        return self._zones.zone(postal_code) if self._zones else None

    def table(self, postal_code: str | None) -> BandTable:
        """The bands that apply from an origin with this postal code."""
        zone = self.zone(postal_code)
        table = self._tables.get(zone)
        if table is None:
            within = tuple(band for band in self.service.bands if band.zone in (None, zone))
            table = self._tables[zone] = BandTable.of(self.service.name, within)
        return table

    def freight(self, band: Band) -> Freight:
        """The price of a band; the same object for the same band."""
        known = self._freights.get(id(band))
        if known is None:
            known = self._freights[id(band)] = self._price(band)
        return known

    def _price(self, band: Band) -> Freight:
        if band.breaks:
            steps = tuple(
                FreightBreak(
                    int((step.max_kg * GRAMS_PER_KG).to_integral_value(ROUND_FLOOR)),
                    self._rate * Fraction(step.base),
                    self._rate * Fraction(step.per_kg) / GRAMS_PER_KG,
                )
                for step in band.breaks
            )
            extras = tuple(self._rate * extra for extra in self._extras)
            return Freight(self._rate * self._fixed, extras, self._grams, steps)
        per_gram = Fraction(band.per_kg) / GRAMS_PER_KG
        units = zip(self._extras, self._grams, strict=True)
        per_unit = tuple(self._rate * (extra + per_gram * grams) for extra, grams in units)
        return Freight(self._rate * (Fraction(band.base) + self._fixed), per_unit, self._grams)

    def _extra(self, line: RoutingLine) -> Fraction:
        charged = (Fraction(one.amount) for one in self.service.surcharges if is_charged(one, line))
        return sum(charged, Fraction(0))


def billable_grams(line: RoutingLine, dim_divisor: Decimal | None) -> int:
    """What a unit weighs on the bill: its volume by the divisor, in whole grams up, if that is more."""
    if dim_divisor is None or line.dims_mm is None:
        return line.weight_g
    length, width, height = line.dims_mm
    by_volume = (Fraction(length * width * height) / Fraction(dim_divisor)).__ceil__()
    return max(line.weight_g, by_volume)


def is_charged(surcharge: Surcharge, line: RoutingLine) -> bool:
    """Whether a surcharge falls on every unit of a line."""
    if surcharge.kind == "residential":
        return False
    if surcharge.flag is not None and surcharge.flag in line.flags:
        return True
    if surcharge.kind == "flag":
        return False
    long, girth = measures(line)
    limits = ((surcharge.longest_mm, long), (surcharge.length_and_girth_mm, girth))
    return any(
        limit is not None and size > limit for limit, size in (*limits, (surcharge.weight_g, line.weight_g))
    )


def measures(line: RoutingLine) -> tuple[int, int]:
    """The longest side of a unit, and its length and girth, in mm; 0 where the sides are not known."""
    if line.dims_mm is None:
        return 0, 0
    *others, longest = sorted(line.dims_mm)
    return longest, longest + 2 * sum(others)
