"""Who carries what from a location, when it arrives and what it costs, for the programme beside routing.

Read straight from the rates and the hours; locations are in UTC and keep no calendars.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Final

from routing import Band, Network, RoutingLine, RoutingLocation, RoutingOrder, Service
from routing.model.rates import Surcharge, WeightBreak

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Price:
    """What shipments of more than `over_g` and up to `up_to_g` billable grams cost (None: any)."""

    fixed: Fraction
    per_gram: Fraction
    over_g: int | None = None
    up_to_g: int | None = None


@dataclass(frozen=True, slots=True)
class Carriage:
    """One way for a location's shipment to travel; `each` and `grams` are of a unit, by line."""

    prices: tuple[Price, ...]
    each: tuple[Fraction, ...]
    grams: tuple[int, ...]
    leaves: datetime
    arrives: datetime


def carriages(
    location: RoutingLocation, order: RoutingOrder, network: Network, now: datetime, km: float
) -> Iterator[Carriage]:
    """Every way that goes from a location to where the order is wanted."""
    store = order.pickup_location
    if store is not None and location.id != store:
        yield from _transfers(location, order, network, now)
        return
    if order.method == "pickup":
        leaves = _leaves(location, (), now)
        nothing = tuple(Fraction(0) for _ in order.lines)
        grams = tuple(line.weight_g for line in order.lines)
        yield Carriage((Price(Fraction(0), Fraction(0)),), nothing, grams, leaves, leaves)
        return
    for service in network.services:
        level = service.service_level
        allowed = location.services is None or service.name in location.services
        rate = _band(service, location, order, km)
        if allowed and rate is not None and order.service_level in (None, level or order.service_level):
            yield _by_carrier(service, rate, (location, order, network, now))


def _transfers(
    location: RoutingLocation, order: RoutingOrder, network: Network, now: datetime
) -> Iterator[Carriage]:
    for leg in network.transfers:
        if (leg.origin, leg.store) == (location.id, order.pickup_location):
            leaves = _leaves(location, (), now)
            price = Price(Fraction(leg.base), Fraction(leg.per_kg) / 1000)
            grams = tuple(line.weight_g for line in order.lines)
            each = tuple(Fraction(leg.per_unit) for _ in order.lines)
            yield Carriage((price,), each, grams, leaves, leaves + float(leg.days) * _DAY)


def _by_carrier(
    service: Service, rate: Band, asked: tuple[RoutingLocation, RoutingOrder, Network, datetime]
) -> Carriage:
    location, order, network, now = asked
    worth = Fraction(network.exchange[service.currency]) if service.currency else Fraction(1)
    home = order.destination.residential
    once = sum((Fraction(one.amount) for one in service.surcharges if one.kind == "residential" and home), 0)
    leaves = _leaves(location, service.pickups, now)
    return Carriage(
        prices=tuple(_prices(rate, worth, Fraction(once))),
        each=tuple(worth * _surcharged(service, line) for line in order.lines),
        grams=tuple(_billed(service, line) for line in order.lines),
        leaves=leaves,
        arrives=leaves + float(rate.transit_days) * _DAY,
    )


def _prices(rate: Band, worth: Fraction, once: Fraction) -> Iterator[Price]:
    if not rate.breaks:
        yield Price(worth * (Fraction(rate.base) + once), worth * Fraction(rate.per_kg) / 1000)
    lighter: WeightBreak | None = None
    for step in rate.breaks:
        yield Price(
            worth * (Fraction(step.base) + once),
            worth * Fraction(step.per_kg) / 1000,
            None if lighter is None else int(lighter.max_kg * 1000),
            int(step.max_kg * 1000),
        )
        lighter = step


def _surcharged(service: Service, line: RoutingLine) -> Fraction:
    return sum((Fraction(one.amount) for one in service.surcharges if _falls_on(one, line)), Fraction(0))


def _falls_on(one: Surcharge, line: RoutingLine) -> bool:
    if one.kind == "residential":
        return False
    longest = max(line.dims_mm or (0,))
    return one.flag in line.flags or (one.kind == "oversize" and longest > (one.longest_mm or math.inf))


def _billed(service: Service, line: RoutingLine) -> int:
    if service.dim_divisor is None or line.dims_mm is None:
        return line.weight_g
    return max(line.weight_g, math.ceil(math.prod(line.dims_mm) / Fraction(service.dim_divisor)))


def _band(service: Service, location: RoutingLocation, order: RoutingOrder, km: float) -> Band | None:
    """The nearest band that reaches, that of the zone before that of none."""
    zone = _zone(service, location, order)
    reaching = [band for band in service.bands if band.zone in (None, zone) and km <= band.max_km]
    return min(reaching, key=lambda band: (band.max_km, band.zone is None), default=None)


def _zone(service: Service, location: RoutingLocation, order: RoutingOrder) -> str | None:
    here, to = location.postal_code or "", order.destination
    rows = service.zones.rows if service.zones else ()
    fitting = [
        row
        for row in rows
        if here.startswith(row.origin) and (to.postal_code or "").startswith(row.destination)
        if row.country in (None, to.country)
    ]
    best = max(
        fitting, key=lambda r: (len(r.origin), len(r.destination), r.country is not None), default=None
    )
    return best.zone if best else None


def _leaves(location: RoutingLocation, pickups: tuple[time, ...], now: datetime) -> datetime:
    """Begun at once or at midnight, processed, and then picked up, or gone with the rest of its day."""
    midnight = now.replace(hour=0, minute=0)
    late = location.cutoff is not None and now.time() > location.cutoff
    ready = (midnight + _DAY if late else now) + location.processing
    day = ready.replace(hour=0, minute=0)
    if not pickups:
        return ready if location.cutoff is None else max(ready, _at(day, location.cutoff))
    times = (_at(day + n * _DAY, pickup) for n in range(3) for pickup in pickups)
    return min(moment for moment in times if moment >= ready)


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute)
