"""Random networks: locations with limits and hours of their own, rates by band, zone, weight and size."""

import random
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Final

from bench.instances import NOW, happens
from routing import Band, Network, RoutingLocation, RoutingOrder, Service
from routing.model.network import RegionRule, StockPosition, TransferLeg
from routing.model.rates import Surcharge, WeightBreak, ZoneMap, ZoneRow

_STEPS: Final = ("0.5", "1", "2", "5", "10", "20", "31.5")
_REACHES: Final = (300, 1000, 2500, 6000)
_ZONES: Final = ZoneMap(
    (
        ZoneRow("", "", "far"),
        ZoneRow("1", "1", "near"),
        ZoneRow("1", "12", "far", "US"),
        ZoneRow("2", "2", "near", "US"),
        ZoneRow("2", "2", "far"),
        ZoneRow("21", "1", "near", "CA"),
    )
)
_EXTRAS: Final = (
    Surcharge("big", "oversize", Decimal(150), longest_mm=800, flag="oversize"),
    Surcharge("danger", "flag", Decimal(80), flag="hazmat"),
    Surcharge("home", "residential", Decimal("35.5")),
)
_SERVES: Final = (
    RegionRule(postal_prefixes=("1",)),
    RegionRule(not_regions=frozenset({"NY"})),
    RegionRule(countries=frozenset({"CA"})),
)


def mixed_network(chance: random.Random, order: RoutingOrder, count: int) -> Network:
    """So many locations that carry the order's products; one in ten networks brings them to a store."""
    places = tuple(_limited(chance, _place(chance, n)) for n in range(count))
    carried = chance.choice((0.25, 0.5, 0.8))
    skus = sorted({line.sku for line in order.lines})
    stock = {
        (place.id, sku): chance.randint(1, 6) for place in places for sku in skus if chance.random() < carried
    }
    positions = {key: _position(chance, units) for key, units in stock.items() if happens(chance, 0.3)}
    stepped = happens(chance, 0.5)
    services = (
        _service(chance, "ground", (480, 560, 690, 840), (38, 61, 92, 131), stepped=stepped),
        _service(chance, "bulky", (900, 1050, 1250, 1500), (12, 18, 29, 41), stepped=stepped),
    )
    return Network(
        places,
        stock,
        services[: chance.randint(1, 2)],
        positions=positions,
        transfers=_transfers(chance, places) if happens(chance, 0.1) else (),
        distances={place.id: chance.uniform(10, 5000) for place in places[:3]}
        if happens(chance, 0.15)
        else None,
        currency="USD",
        exchange={"CAD": Decimal("0.7125")},
    )


def _place(chance: random.Random, number: int) -> RoutingLocation:
    return RoutingLocation(
        id=f"w{number:03}",
        kind=chance.choice(("dc", "store", "3pl")),
        lat=chance.uniform(26, 48),
        lng=chance.uniform(-123, -72),
        handling_cost=Decimal(chance.randint(0, 400)),
        handling_per_unit=Decimal(chance.choice(("0", "45", "12.375"))),
        capacity=chance.choice((None, None, None, 2, 5)),
        capacity_unit=chance.choice(("units", "units", "orders")),
        postal_code=f"{chance.randint(100, 299)}",
        cutoff=chance.choice((None, None, time(10), time(16))),
        processing=chance.choice((timedelta(0), timedelta(hours=6), timedelta(hours=30))),
        groups=chance.choice((frozenset[str](), frozenset({"north"}))),
        priority=chance.choice((None, 1, 2, 5)),
    )


def _limited(chance: random.Random, place: RoutingLocation) -> RoutingLocation:
    """Some locations are shut for a while, or for a kind of order."""
    if happens(chance, 0.7):
        return place
    return replace(
        place,
        services=chance.choice((None, frozenset({"ground"}))),
        methods=chance.choice((place.methods, place.methods, frozenset({"ship"}), frozenset({"pickup"}))),
        serves=chance.choice((None, None, *_SERVES)),
        handles=chance.choice((None, frozenset({"oversize"}), frozenset[str]())),
        offline=happens(chance, 0.1),
        cool_off_until=chance.choice((None, None, NOW, NOW + timedelta(hours=5))),
    )


def _position(chance: random.Random, units: int) -> StockPosition:
    return StockPosition(
        on_hand=units + 2,
        maximum=chance.choice((None, 5)),
        daily_sales=chance.choice((None, Decimal("0.4"))),
    )


def _transfers(chance: random.Random, places: tuple[RoutingLocation, ...]) -> tuple[TransferLeg, ...]:
    store, *others = places
    return tuple(
        TransferLeg(
            place.id,
            store.id,
            base=Decimal(chance.randint(0, 300)),
            per_unit=Decimal(chance.choice((0, 25))),
            per_kg=Decimal("10.5"),
            days=Decimal(chance.randint(0, 3)),
        )
        for place in others
        if happens(chance, 0.7)
    )


def _service(
    chance: random.Random, name: str, bases: tuple[int, ...], rates: tuple[int, ...], *, stepped: bool
) -> Service:
    zoned = happens(chance, 0.3)
    bands: list[Band] = []
    for days, (km, base, rate) in enumerate(zip(_REACHES, bases, rates, strict=True), start=1):
        steps = _steps(chance, base, rate) if stepped and happens(chance, 0.9) else ()
        band = Band(Decimal(km), Decimal(base), Decimal(rate), Decimal(days), breaks=steps)
        near = replace(band, base=Decimal(base - 150), transit_days=Decimal("1.5"), zone="near", breaks=())
        bands += [band, near] if zoned else [band]
    return Service(
        name,
        tuple(bands),
        service_level=chance.choice((None, "express")) if name == "bulky" else None,
        dim_divisor=chance.choice((None, Decimal(5000))),
        surcharges=_EXTRAS if happens(chance, 0.3) else (),
        pickups=chance.choice(((), (), (time(9), time(17)))),
        zones=_ZONES if zoned else None,
        currency="CAD" if happens(chance, 0.15) else None,
    )


def _steps(chance: random.Random, base: int, rate: int) -> tuple[WeightBreak, ...]:
    return tuple(
        WeightBreak(
            Decimal(kg),
            base=Decimal(int(base + rate * float(kg) * chance.uniform(0.4, 1))),
            per_kg=Decimal(chance.choice((0, 0, 7))),
        )
        for kg in _STEPS[: chance.randint(3, len(_STEPS))]
    )
