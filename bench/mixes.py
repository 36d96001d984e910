"""Random orders, networks and policies by seed, over all sizes and mixes of rules, terms, rates and facts."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from bench.instances import NOW, Instance, happens
from bench.mixed_networks import mixed_network
from bench.mixed_policies import mixed_policy
from routing import Destination, Network, RoutingLine, RoutingOrder

_SIZES: Final = ((2, 4), (3, 8), (4, 12), (3, 20), (5, 20), (5, 50), (8, 50))
_FLAGS: Final = (frozenset[str](), frozenset[str](), frozenset({"oversize"}), frozenset({"hazmat"}))
_DUE: Final = (None, timedelta(days=2), timedelta(days=4, hours=12))


def mixed_instance(seed: int, size: tuple[int, int] | None = None) -> Instance:
    """An order of some lines over some locations, by default of a random size, under some rules."""
    chance = random.Random(seed)
    lines, places = size or chance.choice(_SIZES)
    order = _order(chance, lines)
    network = mixed_network(chance, order, places)
    order = _asked(chance, order, network)
    return order, network, mixed_policy(chance, order, network)


def _order(chance: random.Random, lines: int) -> RoutingOrder:
    wanted = []
    for n in range(lines):
        shared = n and happens(chance, 0.15)
        wanted.append(
            RoutingLine(
                line_id=f"l{n}",
                sku=f"s{n - 1}" if shared else f"s{n}",
                quantity=chance.randint(1, 3),
                weight_g=chance.choice((0, 150, 480, 990, 2300, 4000)),
                dims_mm=chance.choice((None, (200, 150, 100), (900, 300, 200))),
                flags=chance.choice(_FLAGS),
                keep_together=chance.choice((None, None, None, "set")),
                category=chance.choice(("a", "b")),
                value=Decimal(chance.choice(("500", "1250.5", "4000"))),
            )
        )
    to = Destination(
        chance.uniform(28, 46),
        chance.uniform(-120, -75),
        postal_code=f"{chance.randint(100, 299)}",
        country="US",
        region=chance.choice(("CA", "NY")),
        residential=happens(chance, 0.5),
    )
    return RoutingOrder(tuple(wanted), to)


def _asked(chance: random.Random, order: RoutingOrder, network: Network) -> RoutingOrder:
    """What the order asks of locations and services."""
    store = network.transfers[0].store if network.transfers else None
    due = chance.choice(_DUE)
    collected = store is not None or happens(chance, 0.04)
    return replace(
        order,
        method="pickup" if collected else "ship",
        pickup_location=store,
        service_level=chance.choice((None, None, None, "express")),
        deliver_by=None if due is None else NOW + due,
        rejects={place.id: 1 for place in network.locations if happens(chance, 0.1)},
    )
