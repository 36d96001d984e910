"""Small instances whose demands share capacities and stock in units, by seed, and their best totals."""

import random
from itertools import product

from routing.search.instance import Instance, Option, Scale
from routing.search.scaling import backorder_price, dearest_units

Load = tuple[int, ...]


def coupled_instance(seed: int) -> Instance:
    """Whole-number prices of one minor unit each; locations with a capacity, a shared stock, or both."""
    dice = random.Random(seed)
    quantities = tuple(dice.randint(1, 3) for _ in range(dice.randint(2, 3)))
    groups = dice.choice(((), ((0, len(quantities) - 1),)))
    prices = dice.choice(((1, 1, 2), (1, 20, 300)))
    locations = range(dice.randint(2, 5))
    options = [option for at in locations for option in _options(dice, at, quantities, groups, prices)]
    options.sort(key=lambda option: (option.fixed, option.location, option.service))
    price = backorder_price(options, quantities, 0)
    lexicographic = dice.random() < 0.7
    waits = (price if lexicographic else dice.choice((30, 120, 400)),) * len(quantities)
    return Instance(
        options=tuple(options),
        quantities=quantities,
        groups=groups,
        waits=waits,
        backorder_price=price if lexicographic else 0,
        ceiling=sum(map(int.__mul__, quantities, waits)) + price,
        max_shipments=dice.choice((len(locations), len(locations), 1, 2)),
        coupled=True,
        scale=Scale(1, 1),
        dearest=dearest_units(options, len(quantities)),
    )


def _options(
    dice: random.Random, at: int, quantities: Load, groups: tuple[Load, ...], prices: tuple[int, ...]
) -> list[Option]:
    held = tuple(dice.randint(0, n) if dice.random() < 0.7 else 0 for n in quantities)
    cap = dice.choice((None, 1, 2, 3))
    supply = held if cap is None else tuple(min(n, cap) for n in held)
    if not any(supply):
        return []
    pools = tuple(
        dice.randint(max(supply[n] for n in group), sum(supply[n] for n in group)) for group in groups
    )
    dearest = dice.choice((300, 1000))
    return [
        Option(
            at,
            service,
            dice.choice(prices),
            tuple(dice.randint(-20, dearest) for _ in quantities),
            supply,
            cap if cap is not None and cap < sum(supply) else None,
            pools,
        )
        for service in dice.choice(("a", "a", "ab"))
    ]


def best_coupled_total(instance: Instance, must_ship: int | None = None) -> int | None:
    """The lowest total of any plan, or of any that ships from a location; None if there is none."""
    costs = {(instance.quantities, 0): 0}  # by what is left, and shipments so far
    for at in sorted({option.location for option in instance.options}):
        ways = [
            (load, option.fixed + _weigh(option.unit_costs, load))
            for option in instance.options
            if option.location == at
            for load in _loads(option, instance.groups)
        ]
        added = {} if at == must_ship else dict(costs)
        for (left, shipments), cost in costs.items():
            for load, price in ways:
                rest = tuple(map(int.__sub__, left, load))
                if min(rest) >= 0 and shipments < instance.max_shipments:
                    key = rest, shipments + 1
                    added[key] = min(cost + price, added.get(key, cost + price))
        costs = added
    return min((cost + _weigh(instance.waits, left) for (left, _), cost in costs.items()), default=None)


def _loads(option: Option, groups: tuple[Load, ...]) -> list[Load]:
    most = sum(option.supply) if option.cap is None else option.cap
    return [
        load
        for load in product(*(range(units + 1) for units in option.supply))
        if 0 < sum(load) <= most
        if all(sum(load[n] for n in group) <= pool for group, pool in zip(groups, option.pools, strict=True))
    ]


def _weigh(factors: Load, load: Load) -> int:
    return sum(factor * units for factor, units in zip(factors, load, strict=True))
