"""What the terms but freight charge, for the programme beside routing."""

import math
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from bench.carriage import Carriage
from routing import Network, RoutingLine, RoutingLocation, RoutingOrder
from routing.model.network import StockPosition
from routing.terms import (
    Distance,
    Handling,
    Lateness,
    Preference,
    Priority,
    Shipping,
    Speed,
    SplitPenalty,
    StockBalance,
    Term,
)

EARTH_KM: Final = 6371
_DAY: Final = timedelta(days=1)


class Charges:
    """The terms of one question, by location and the way it goes."""

    def __init__(self, order: RoutingOrder, network: Network, now: datetime) -> None:
        self._order, self._network, self._now = order, network, now
        self._ranks = sorted({place.priority for place in network.locations if place.priority is not None})

    def each_shipment(self, term: Term, location: RoutingLocation, way: Carriage) -> Fraction:
        """What a term adds to a shipment, its freight apart."""
        if isinstance(term, Handling):
            return Fraction(location.handling_cost)
        if isinstance(term, SplitPenalty):
            return Fraction(term.amount)
        if isinstance(term, (Preference, Priority)):
            return Fraction(term.each_shipment) * self._times(term, location)
        if isinstance(term, Distance):
            return Fraction(term.per_km) * Fraction(round(10 * self.km(location)), 10)
        if isinstance(term, Lateness) and self._order.deliver_by is not None:
            return Fraction(term.per_day) * max(0, math.ceil((way.arrives - self._order.deliver_by) / _DAY))
        return Fraction(0)

    def each_unit(self, term: Term, location: RoutingLocation, way: Carriage, line: RoutingLine) -> Fraction:
        """What a term adds to a unit of a line, its freight apart."""
        if isinstance(term, Handling):
            return Fraction(location.handling_per_unit)
        if isinstance(term, (Preference, Priority)):
            return Fraction(term.each_unit) * self._times(term, location)
        if isinstance(term, Speed):
            seconds = int((way.arrives - self._now).total_seconds())
            return Fraction(term.per_unit_day) * Fraction(seconds, 86_400)
        if isinstance(term, StockBalance):
            position = self._network.positions.get((location.id, line.sku))
            return -Fraction(term.bonus) if position and _overstocked(position, term) else Fraction(0)
        return Fraction(0)

    def km(self, location: RoutingLocation) -> float:
        """Kilometres that are given, else by the great circle."""
        given = (self._network.distances or {}).get(location.id)
        if given is not None:
            return given
        to = self._order.destination
        lat1, lng1, lat2, lng2 = map(math.radians, (location.lat, location.lng, to.lat, to.lng))
        chord = math.sin((lat2 - lat1) / 2) ** 2
        chord += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
        return 2 * EARTH_KM * math.asin(math.sqrt(chord))

    def _times(self, term: Preference | Priority, location: RoutingLocation) -> int:
        """How often a location is charged: once where it is meant, or for each rank behind the first."""
        if isinstance(term, Preference):
            return int(location in term.places)
        if term.ids:
            return (*term.ids, location.id).index(location.id)
        if location.priority is None:
            return len(self._ranks)
        return self._ranks.index(location.priority)


def freight_weight(terms: tuple[Term, ...]) -> Fraction:
    """By how much freight counts."""
    return sum((Fraction(term.weight) for term in terms if isinstance(term, Shipping)), Fraction(0))


def _overstocked(position: StockPosition, term: StockBalance) -> bool:
    cover = None
    if term.cover_days is not None and position.daily_sales is not None:
        cover = term.cover_days * position.daily_sales
    return any(most is not None and position.on_hand > most for most in (position.maximum, cover))


def able(location: RoutingLocation, order: RoutingOrder, now: datetime) -> bool:
    """Whether a location is there and may send to where the order goes."""
    if location.offline or (location.cool_off_until is not None and location.cool_off_until > now):
        return False
    if order.method == "pickup":
        return order.pickup_location not in (None, location.id) or "pickup" in location.methods
    if "ship" not in location.methods:
        return False
    rule, to = location.serves, order.destination
    if rule is None:
        return True
    code = to.postal_code or ""
    return (
        (rule.countries is None or to.country in rule.countries)
        and to.region not in rule.not_regions
        and (rule.postal_prefixes is None or any(map(code.startswith, rule.postal_prefixes)))
    )
