"""Small instances full of what tangles demands, by seed, and every plan of them, one by one."""

import random
from collections.abc import Iterator, Sequence
from itertools import product

from routing.search.instance import Instance, Option, Row, Scale

Load = tuple[int, ...]


def tangled_instance(seed: int, *, most_locations: int = 3) -> Instance:
    """Whole-number prices of one minor unit each, with weight breaks, whole lines and least values."""
    dice = random.Random(seed)
    quantities = tuple(dice.choice((1, 1, 2, 3)) for _ in range(dice.randint(1, 3)))
    units = tuple(dice.choice((1, 1, 4)) if n == 1 else 1 for n in quantities)
    grams = tuple(dice.choice((0, 100, 250, 400)) for _ in quantities)
    locations = range(dice.randint(1, most_locations))
    options = [option for at in locations for option in _options(dice, at, quantities, units, grams)]
    options.sort(key=lambda option: (option.fixed, option.location, option.service))
    values = tuple(dice.choice((0, 5, 20, 50)) for _ in quantities)
    lexicographic = dice.random() < 0.6
    complete = dice.random() < 0.2
    price = 1_000_000 if lexicographic or complete else 0
    wait = dice.choice((300, 300, 30))  # less than some units cost
    waits = tuple(n * (price or wait) for n in units)
    nothing = sum(map(int.__mul__, quantities, waits))
    return Instance(
        options=tuple(options),
        quantities=quantities,
        groups=(),
        waits=waits,
        backorder_price=price,
        ceiling=nothing + 400_000,
        max_shipments=dice.choice((len(locations), len(locations), 1, 2)),
        coupled=False,
        scale=Scale(1, 1),
        tangled=True,
        least_value=dice.choice((0, 0, 10, 40, 100)),
        values=values,
        refusal=(nothing if lexicographic else dice.choice((200, 900))) if complete else None,
    )


def _options(dice: random.Random, at: int, quantities: Load, units: Load, grams: Load) -> Iterator[Option]:
    supply = tuple(dice.randint(0, n) for n in quantities)
    if not any(supply):
        return
    shared = [Row(dice.randint(1, 6), units)] if dice.random() < 0.5 else []
    if dice.random() < 0.3:
        shared.append(Row(dice.randint(0, 2), tuple(dice.randint(0, 1) for _ in quantities)))
    costs = tuple(dice.randint(-5, 60) for _ in quantities)
    lowest = -1
    for name, limit in (("a", 250), ("b", 700), ("c", 5000)):
        rows = (*shared, Row(limit, grams))
        above = Row(lowest, grams) if dice.random() < 0.5 and lowest >= 0 else None
        fixed = dice.choice((-40, 1, 50, 100, 200, 330))
        yield Option(at, name, fixed, costs, supply, rows=rows, above=above)
        lowest = limit


def best_total(instance: Instance, must_ship: int | None = None) -> int | None:
    """The lowest total of any plan, or of any that ships from a location; None if there is none."""
    totals = [
        total
        for taken, loads in _plans(instance)
        if must_ship is None or any(option.location == must_ship for option in taken)
        if (total := _total(instance, taken, loads)) is not None
    ]
    return min(totals, default=None)


def _plans(instance: Instance) -> Iterator[tuple[tuple[Option, ...], tuple[Load, ...]]]:
    locations = sorted({option.location for option in instance.options})
    choices = [
        [(option, load) for option in instance.options if option.location == at for load in _loads(option)]
        for at in locations
    ]

    def extend(at: int, left: Load) -> Iterator[tuple[tuple[Option, ...], tuple[Load, ...]]]:
        if at == len(choices):
            yield (), ()
            return
        yield from extend(at + 1, left)
        for option, load in choices[at]:
            rest = tuple(map(int.__sub__, left, load))
            if min(rest) >= 0:
                for taken, loads in extend(at + 1, rest):
                    yield (option, *taken), (load, *loads)

    yield from extend(0, instance.quantities)


def _loads(option: Option) -> list[Load]:
    return [
        load
        for load in product(*(range(units + 1) for units in option.supply))
        if any(load)
        if all(_weigh(row.uses, load) <= row.limit for row in option.rows)
        if option.above is None or _weigh(option.above.uses, load) > option.above.limit
    ]


def _total(instance: Instance, taken: Sequence[Option], loads: Sequence[Load]) -> int | None:
    if len(taken) > instance.max_shipments:
        return None
    left = tuple(n - sum(load[at] for load in loads) for at, n in enumerate(instance.quantities))
    if instance.refusal is not None and any(left):
        return None if taken else instance.refusal
    parts = [*loads, left] if any(left) else list(loads)
    if len(parts) > 1 and any(_weigh(instance.values, part) < instance.least_value for part in parts):
        return None
    cost = sum(
        option.fixed + _weigh(option.unit_costs, load) for option, load in zip(taken, loads, strict=True)
    )
    return cost + _weigh(instance.waits, left)


def _weigh(factors: Load, load: Load) -> int:
    return sum(factor * units for factor, units in zip(factors, load, strict=True))
