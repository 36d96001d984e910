"""Random policies: any of all rules, some of them soft, and any of all terms."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bench.instances import happens
from routing import Network, Policy, RoutingOrder
from routing.rules import (
    Capacity,
    Cutoff,
    DeliverBy,
    KeepTogether,
    Locations,
    MaxDistance,
    MaxRejects,
    MaxShipments,
    NoSplitBelow,
    Places,
    Products,
    RingFence,
    Rule,
    ShipComplete,
    WholeLines,
)
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

_STORES: Final = Places(kinds=frozenset({"store"}))


def mixed_policy(chance: random.Random, order: RoutingOrder, network: Network) -> Policy:
    """Rules and terms by chance; where a rule is soft, fewest backorders come first."""
    rules = tuple(_rules(chance))
    penalties = (None, None, Decimal(1500), Decimal("650.5"))
    return Policy(
        name="mix",
        rules=rules,
        terms=tuple(_terms(chance)),
        opportunity_price={
            (line.sku, place.id): Decimal(chance.randint(-20, 90))
            for line in order.lines
            for place in network.locations
            if happens(chance, 0.1)
        },
        backorder_penalty=None if any(rule.soft for rule in rules) else chance.choice(penalties),
    )


def _rules(chance: random.Random) -> list[Rule]:
    some: list[Rule] = [
        MaxShipments(most=chance.randint(1, 3)),
        NoSplitBelow(Decimal(chance.choice((0, 4000))), Decimal(chance.choice((0, 900, 2500)))),
        KeepTogether(products=Products(skus=frozenset({"s0"})), groups=True),
        WholeLines(),
        MaxDistance(km=Decimal(2500)),
        Locations(exclude=Places(kinds=frozenset({"3pl"}))),
        RingFence(units=1, products=Products(categories=frozenset({"a"}))),
        Capacity(keep_free=1),
        MaxRejects(most=1),
        ShipComplete(),
        Cutoff(),
        DeliverBy(days=chance.choice((None, Decimal("3.5"), Decimal(5)))),
    ]  # fmt: skip
    softness = chance.choice((0.0, 0.0, 0.5))
    chosen = [rule for rule in some if happens(chance, 0.17)]
    chance.shuffle(chosen)
    return [replace(rule, soft=chance.random() < softness) for rule in chosen]


def _terms(chance: random.Random) -> list[Term]:
    some: list[Term] = [
        SplitPenalty(amount=Decimal(250)),
        Preference(_STORES, each_shipment=Decimal(90), each_unit=Decimal(-15)),
        Priority(each_shipment=Decimal(60), each_unit=Decimal(5), ids=chance.choice(((), ("w002", "w000")))),
        StockBalance(bonus=Decimal(60), cover_days=chance.choice((None, Decimal(10)))),
        Distance(per_km=Decimal("0.05")),
        Lateness(per_day=Decimal(70)),
        Speed(per_unit_day=Decimal("12.5"), weight=Decimal("0.5")),
    ]
    freight = Shipping(weight=chance.choice((Decimal(1), Decimal(1), Decimal("1.25"))))
    return [freight, Handling(), *(term for term in some if happens(chance, 0.25))]
