"""A routing question in whole numbers alone, as plain JSON for solvers in other processes."""

from fractions import Fraction
from typing import Final, TypedDict

from bench.carriage import carriages
from bench.charges import Charges
from bench.instances import NOW, Instance
from routing.rules import MaxShipments

UNITS_PER_MINOR: Final = 100_000  # fine enough for every price of the timed instances
WAITING: Final = 100_000  # minor units a unit left behind costs: more than any plan saves by it


class Way(TypedDict):
    """One location shipping by one service, in one weight break where `over_g` and `up_to_g` say so."""

    location: int
    fixed: int
    each: list[int]
    supply: list[int]
    over_g: int | None
    up_to_g: int | None


class Problem(TypedDict):
    """Units wanted and their grams by line, the ways to ship them, and at most so many shipments."""

    wanted: list[int]
    grams: list[int]
    waiting: int
    most: int
    ways: list[Way]


def problem_of(instance: Instance) -> Problem:
    """State a question of freight, handling and opportunity prices, from the rates themselves."""
    order, network, policy = instance
    charges = Charges(order, network, NOW)
    (most,) = (rule.most for rule in policy.rules if isinstance(rule, MaxShipments))
    ways: list[Way] = []
    for number, location in enumerate(network.locations):
        supply = [min(line.quantity, network.stock.get((location.id, line.sku), 0)) for line in order.lines]
        if not any(supply):
            continue
        for carriage in carriages(location, order, network, NOW, charges.km(location)):
            for price in carriage.prices:
                each = [
                    Fraction(location.handling_per_unit) + extra + price.per_gram * grams
                    for extra, grams in zip(carriage.each, carriage.grams, strict=True)
                ]
                ways.append(
                    Way(
                        location=number,
                        fixed=_whole(Fraction(location.handling_cost) + price.fixed),
                        each=[_whole(one) for one in each],
                        supply=supply,
                        over_g=price.over_g,
                        up_to_g=price.up_to_g,
                    )
                )
    return Problem(
        wanted=[line.quantity for line in order.lines],
        grams=[line.weight_g for line in order.lines],
        waiting=WAITING * UNITS_PER_MINOR,
        most=most,
        ways=ways,
    )


def _whole(price: Fraction) -> int:
    scaled = price * UNITS_PER_MINOR
    if scaled.denominator != 1:
        raise ValueError(f"{price} minor units is finer than 1/{UNITS_PER_MINOR}")
    return scaled.numerator
