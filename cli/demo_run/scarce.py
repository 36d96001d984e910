"""Stock that is short on purpose: a share of what the orders will ask for, spread over the network."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from cli.demo_run.plot import Basket, chance

_PLACES: Final = 4
"""A SKU lies at up to so many locations."""


def demand_of(baskets: Iterable[Basket]) -> Counter[str]:
    """Units that the baskets ask for, by SKU."""
    demand: Counter[str] = Counter()
    for basket in baskets:
        for line in basket.body["lines"]:
            demand[line["sku"]] += line["quantity"]
    return demand


def scarce_stock(
    demand: Mapping[str, int], share: float, locations: Sequence[str], seed: int
) -> dict[tuple[str, str], int]:
    """Return units on hand by (location, SKU): `share` of the demand, to the unit over all SKUs."""
    exact = {sku: units * Fraction(str(share)) for sku, units in demand.items()}
    stock = {sku: int(units) for sku, units in exact.items()}
    short = int(sum(exact.values())) - sum(stock.values())
    for sku in sorted(exact, key=lambda sku: (stock[sku] - exact[sku], sku))[:short]:
        stock[sku] += 1
    cells: Counter[tuple[str, str]] = Counter()
    for sku, units in sorted(stock.items()):
        draw = chance(seed, "stock", sku)
        places = draw.sample(locations, draw.randint(1, min(_PLACES, len(locations))))
        for _ in range(units):
            cells[draw.choice(places), sku] += 1
    return dict(cells)
