"""Invented orders over the project's own network: one to four lines each, to cities in the United States."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from cli.demo_run.order_body import order_body
from cli.demo_run.people import invented_customer, us_address
from cli.demo_run.plot import Basket, Demand, Snag, chance
from cli.demo_run.shares import deal

_LINES: Final = (1, 1, 1, 2, 2, 3, 4)
_UNITS: Final = (1, 1, 1, 2, 3)
_SHIPPING: Final = (0, 499, 799, 1299)
_MANY_LINES: Final = (3, 3, 4)


def sold_out(inventory: Sequence[Mapping[str, Any]]) -> str:
    """The SKU that is to be sold out before the first order: the one that lies at the fewest locations."""
    places = Counter(str(row["sku"]) for row in inventory)
    return min(places, key=lambda sku: (places[sku], sku))


def invent_orders(count: int, seed: int, inventory: Sequence[Mapping[str, Any]]) -> list[Basket]:
    """Draw `count` orders over the SKUs of the inventory's rows; only some want what is sold out."""
    gone = sold_out(inventory)
    skus = sorted({row["sku"] for row in inventory} - {gone})
    baskets = []
    for index, plot in enumerate(deal(count, seed)):
        draw = chance(seed, "order", index)
        number = f"demo-{seed}-{index:05}"
        lines = _MANY_LINES if plot.demand is Demand.TOGETHER else _LINES
        wanted = _draw_lines(draw, skus, draw.choice(lines))
        if plot.demand is Demand.SOLD_OUT:
            wanted[gone] = draw.choice(_UNITS)
        customer = invented_customer(draw, number)
        body = order_body(
            number=number,
            currency="USD",
            customer=customer,
            ship_to=us_address(draw, customer["name"]),
            lines=[
                {"sku": sku, "quantity": units, "unit_price": _price(sku)} for sku, units in wanted.items()
            ],
            shipping_price=draw.choice(_SHIPPING),
            token=plot.token,
            by_hand=plot.snag is Snag.MANUAL,
        )
        baskets.append(Basket(body, plot))
    return baskets


def _draw_lines(draw: Random, skus: Sequence[str], lines: int) -> dict[str, int]:
    chosen = draw.sample(skus, min(lines, len(skus)))
    return {sku: draw.choice(_UNITS) for sku in chosen}


def _price(sku: str) -> int:
    """A price that belongs to the SKU; minor units."""
    return chance("price", sku).randint(5, 150) * 100 - 1
