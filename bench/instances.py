"""Random parcel orders over spread networks, by seed, for timing the DOM."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from routing import Band, Destination, Network, Policy, RoutingLine, RoutingLocation, RoutingOrder, Service
from routing.model.rates import WeightBreak
from routing.rules import MaxShipments

NOW: Final = datetime(2025, 1, 6, 12, tzinfo=UTC)
_KINDS: Final = ("dc", "store", "store", "3pl")
_MOST_UNITS: Final = 3
_MOST_STOCK: Final = 5
_MOST_SHIPMENTS: Final = 4
_CARRIED: Final = 0.5  # share of the locations that have a product

Instance = tuple[RoutingOrder, Network, Policy]


def parcel_instance(seed: int, lines: int, locations: int, *, stepped: bool = False) -> Instance:
    """An order of four parcels at most; locations charge for each shipment and each unit, by two services.

    With `stepped`, both services have weight breaks.
    """
    chance = random.Random(seed)
    order = _order(chance, lines)
    places = tuple(_location(chance, number) for number in range(locations))
    stock = {
        (place.id, line.sku): chance.randint(1, _MOST_STOCK)
        for place in places
        for line in order.lines
        if happens(chance, _CARRIED)
    }
    services = _STEPPED if stepped else _SERVICES
    policy = Policy(name="lowest_cost", rules=(MaxShipments(most=_MOST_SHIPMENTS),))
    return order, Network(places, stock, services), policy


def happens(chance: random.Random, share: float) -> bool:
    """Whether something that happens in this share of all cases does."""
    return chance.random() < share


def _order(chance: random.Random, lines: int) -> RoutingOrder:
    wanted = (
        RoutingLine(f"l{n}", f"s{n}", chance.randint(1, _MOST_UNITS), chance.randint(100, 4000))
        for n in range(lines)
    )
    return RoutingOrder(tuple(wanted), Destination(chance.uniform(28, 46), chance.uniform(-120, -75)))


def _location(chance: random.Random, number: int) -> RoutingLocation:
    return RoutingLocation(
        id=f"w{number:05}",
        kind=chance.choice(_KINDS),
        lat=chance.uniform(26, 48),
        lng=chance.uniform(-123, -72),
        handling_cost=Decimal(chance.randint(300, 1000)),
        handling_per_unit=Decimal(chance.randint(20, 400)),
    )


def _service(name: str, *bands: tuple[int, str, str, int]) -> Service:
    return Service(
        name,
        tuple(
            Band(Decimal(km), Decimal(base), Decimal(per_kg), Decimal(days))
            for km, base, per_kg, days in bands
        ),
    )


_SERVICES: Final = (
    _service(
        "ground", (300, "480", "38", 1), (1000, "560", "61.5", 3), (2500, "690", "92", 4),
        (6000, "840", "131.25", 6),
    ),
    _service(
        "bulky", (300, "900", "12", 2), (1000, "1050", "18", 4), (2500, "1250", "29.5", 6),
        (6000, "1500", "41", 8),
    ),
)  # fmt: skip
_STEPS: Final = ("1", "2", "5", "10", "20", "31.5", "80")


def _stepped(service: Service) -> Service:
    """The service with a price for each step of weight, up to the next, in place of one by the kilogram."""
    return replace(
        service,
        bands=tuple(
            replace(
                band,
                breaks=tuple(
                    WeightBreak(Decimal(kg), band.base + band.per_kg * Decimal(kg)) for kg in _STEPS
                ),
            )
            for band in service.bands
        ),
    )


_STEPPED: Final = tuple(map(_stepped, _SERVICES))
