"""Real orders from a file: one row per order and SKU, money in decimals of BRL."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from cli.demo_run.order_body import order_body
from cli.demo_run.people import invented_customer
from cli.demo_run.plot import Basket, Demand, Plot, Snag, chance
from cli.demo_run.shares import deal

Rows = Sequence[Mapping[str, str]]
_UNITS: Final = (1, 1, 1, 2, 3)


class FileLine(NamedTuple):
    """Units of a SKU at a price in minor units."""

    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class FileOrder:
    """One order of the file: where it goes, what was bought, the freight that was paid."""

    number: str
    ship_to: Mapping[str, Any]
    lines: Sequence[FileLine]
    freight_paid: int


@dataclass(frozen=True, slots=True)
class OrderFile:
    """The file's orders, in its order, and the first price of each SKU in minor units."""

    orders: Sequence[FileOrder]
    prices: Mapping[str, int]


def read_orders(path: Path) -> OrderFile:
    """Read the file; a SKU that an order has in two rows is one line."""
    by_order: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    prices: dict[str, int] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            by_order[row["order_id"]].append(row)
            prices.setdefault(row["sku"], minor_units(row["price"]))
    return OrderFile([_order(number, rows) for number, rows in by_order.items()], prices)


def minor_units(decimals: str) -> int:
    """An amount in decimals as minor units, rounded half up."""
    return int((Decimal(decimals) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _order(number: str, rows: Rows) -> FileOrder:
    lines: dict[str, FileLine] = {}
    for row in rows:
        sku, quantity = row["sku"], int(row["quantity"])
        known = lines.get(sku, FileLine(sku, 0, minor_units(row["price"])))
        lines[sku] = known._replace(quantity=known.quantity + quantity)
    first = rows[0]
    ship_to = {
        "line1": "Rua Exemplo 1",
        "city": first["city"],
        "region": first["state"],
        "postal_code": first["zip_prefix"],
        "country": "BR",
        "lat": float(first["lat"]),
        "lng": float(first["lng"]),
    }
    return FileOrder(
        number, ship_to, tuple(lines.values()), sum(minor_units(row["freight_paid"]) for row in rows)
    )


def real_baskets(file: OrderFile, count: int, seed: int) -> list[Basket]:
    """The first `count` orders of the file as they were, freight included.

    Some buy together what in real life were two or three orders: few of the file's have several lines.
    """
    chosen = file.orders[:count]
    plots = deal(len(chosen), seed)
    return [
        _basket(_together(file, one, seed) if plot.demand is Demand.TOGETHER else one, plot)
        for one, plot in zip(chosen, plots, strict=True)
    ]


def _together(file: OrderFile, order: FileOrder, seed: int) -> FileOrder:
    """The order, with what one or two others bought, to the first one's address."""
    draw = chance(seed, "together", order.number)
    lines = {line.sku: line for line in order.lines}
    freight = order.freight_paid
    others = [other for other in file.orders if other.number != order.number]
    for other in draw.sample(others, min(draw.choice((1, 1, 2)), len(others))):
        lines |= {line.sku: line for line in other.lines if line.sku not in lines}
        freight += other.freight_paid
    return replace(order, lines=tuple(lines.values()), freight_paid=freight)


def drawn_baskets(file: OrderFile, count: int, seed: int, lines: tuple[int, int]) -> list[Basket]:
    """Orders of `lines` lines each, drawn from a pool of the file's SKUs so that they contend for stock."""
    pool = chance(seed, "pool").sample(sorted(file.prices), min(max(60, count), len(file.prices)))
    return [
        _basket(one, plot)
        for one, plot in zip(_drawn(file, count, seed, lines, pool), deal(count, seed), strict=True)
    ]


def _drawn(
    file: OrderFile, count: int, seed: int, lines: tuple[int, int], pool: Sequence[str]
) -> Iterator[FileOrder]:
    for index in range(count):
        draw = chance(seed, "drawn", index)
        skus = draw.sample(pool, draw.randint(*lines))
        like = draw.choice(file.orders)
        bought = tuple(FileLine(sku, draw.choice(_UNITS), file.prices[sku]) for sku in skus)
        yield FileOrder(f"drawn-{seed}-{index:05}", like.ship_to, bought, like.freight_paid)


def _basket(order: FileOrder, plot: Plot) -> Basket:
    customer = invented_customer(chance("customer", order.number), order.number)
    body = order_body(
        number=order.number,
        currency="BRL",
        customer=customer,
        ship_to={"name": customer["name"], **order.ship_to},
        lines=[line._asdict() for line in order.lines],
        shipping_price=order.freight_paid,
        token=plot.token,
        by_hand=plot.snag is Snag.MANUAL,
    )
    return Basket(body, plot, order.freight_paid)
