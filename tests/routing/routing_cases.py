"""Random routing cases, small and awkward or large and lifelike, by seed."""

import random
from datetime import UTC, datetime
from decimal import Decimal

from routing import (
    Band,
    Destination,
    Network,
    Policy,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
)
from routing.model.policy import COST
from routing.rules import Locations, MaxShipments, Places
from routing.terms import SplitPenalty

NOW = datetime(2025, 1, 6, 12, tzinfo=UTC)
Case = tuple[RoutingOrder, Network, Policy]


def awkward_case(seed: int) -> Case:
    """Small, and full of what is hard: ties, shared skus, capacities, gaps in reach and stock."""
    dice = random.Random(seed)
    lines = tuple(
        RoutingLine(f"l{n}", dice.choice("ABC"), dice.randint(1, 3), dice.choice((0, 250, 999)))
        for n in range(dice.randint(1, 3))
    )
    locations = tuple(_awkward_location(dice, n) for n in range(dice.randint(0, 4)))
    stock = {
        (location.id, sku): dice.choice((0, 1, 1, 2, 5))
        for location in locations
        for sku in "ABC"
        if dice.random() < 0.8
    }
    services = tuple(_awkward_service(dice, name) for name in ("slow", "fast")[: dice.randint(1, 2)])
    order = RoutingOrder(lines, Destination(0.0, 0.0))
    return order, Network(locations, stock, services), _awkward_policy(dice)


def _awkward_location(dice: random.Random, n: int) -> RoutingLocation:
    return RoutingLocation(
        id=f"w{n}",
        kind="dc",
        lat=float(dice.choice((0, 0, 1, 5, 30))),
        lng=0.0,
        handling_cost=Decimal(dice.choice(("0", "100", "100", "99.5", "250.125"))),
        handling_per_unit=Decimal(dice.choice(("0", "10", "0.3333"))),
        capacity=dice.choice((None, None, 0, 1, 2, 3)),
        capacity_unit=dice.choice(("units", "units", "orders")),
    )


def _awkward_service(dice: random.Random, name: str) -> Service:
    bands = [
        Band(
            max_km=Decimal(reach),
            base=Decimal(dice.choice(("0", "200", "350.7"))),
            per_kg=Decimal(dice.choice(("0", "40", "123.4567"))),
            transit_days=Decimal(1),
        )
        for reach in ("200", "1000", "2000")
    ]
    dice.shuffle(bands)
    return Service(name, tuple(bands))


def _awkward_policy(dice: random.Random) -> Policy:
    prices = (Decimal("-3.5"), Decimal(0), Decimal(7), Decimal(40))
    most = dice.choice((None, None, 1, 2))
    penalty = Decimal(dice.choice((0, 0, 300)))
    out = Places(frozenset(dice.choice(((), ("w1",)))))
    included = dice.choice((None, None, Places(frozenset({"w0", "w1", "w2"}))))
    return Policy(
        name="awkward",
        rules=(Locations(included, out), *([] if most is None else [MaxShipments(most)])),
        terms=(*COST, SplitPenalty(penalty)),
        opportunity_price={
            (sku, f"w{n}"): dice.choice(prices) for sku in "ABC" for n in range(4) if dice.random() < 0.2
        },
    )


def lifelike_case(  # noqa: PLR0913 - a case has that many sides
    seed: int, lines: int, locations: int, *, most: int = 3, carried: float = 0.6, stock: int = 8
) -> Case:
    """A parcel order over a spread network, with two services in four bands each."""
    dice = random.Random(seed)
    order = RoutingOrder(
        tuple(
            RoutingLine(f"l{n}", f"s{n}", dice.randint(1, most), dice.randint(100, 4000))
            for n in range(lines)
        ),
        Destination(dice.uniform(28, 46), dice.uniform(-120, -75)),
    )
    places = tuple(
        RoutingLocation(
            id=f"w{n:04}",
            kind=dice.choice(("dc", "store", "store", "3pl")),
            lat=dice.uniform(26, 48),
            lng=dice.uniform(-123, -72),
            handling_cost=Decimal(dice.randint(100, 400)),
            handling_per_unit=Decimal(dice.randint(20, 90)),
        )
        for n in range(locations)
    )
    held = {
        (place.id, line.sku): dice.randint(1, stock)
        for place in places
        for line in order.lines
        if dice.random() < carried
    }
    return order, Network(places, held, _PARCEL_SERVICES), Policy(name="lowest_cost")


def _service(name: str, prices: tuple[tuple[int, str, str, int], ...]) -> Service:
    return Service(
        name,
        tuple(
            Band(Decimal(km), Decimal(base), Decimal(per_kg), Decimal(days))
            for km, base, per_kg, days in prices
        ),
    )


_PARCEL_SERVICES = (
    _service(
        "ground",
        ((300, "480", "38", 1), (1000, "560", "61.5", 3), (2500, "690", "92", 4), (6000, "840", "131.25", 6)),
    ),
    _service(
        "bulky",
        ((300, "900", "12", 2), (1000, "1050", "18", 4), (2500, "1250", "29.5", 6), (6000, "1500", "41", 8)),
    ),
)
