"""The network of a file of orders: the CSV files beside it, taken over by `oms import`."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.demo_run.options import Options
from cli.demo_run.order_file import OrderFile, drawn_baskets, read_orders, real_baskets
from cli.demo_run.plot import Basket, Demand
from cli.demo_run.scarce import demand_of, scarce_stock
from cli.embedded.programs import OMS, run_to_end

_ORDERS_A_DAY: Final = 1000
"""So many orders the locations take on in a day as they are; the demo plays more days than one in one."""

_ARGUMENTS: Final = {"stock": ("stock", "--skip-unknown-skus")}
"""The file of stock may know more SKUs than the file of orders, which is where the products come from."""


@dataclass(frozen=True, slots=True)
class FilePlay:
    """What a file of orders makes of a run: the baskets, and the files to import, by kind."""

    baskets: Sequence[Basket]
    imports: Mapping[str, Path]


def prepare(options: Options, orders: Path, folder: Path) -> FilePlay:
    """Read the orders; what the run has differently from the files beside them is written to `folder`."""
    file = read_orders(orders)
    beside = orders.parent
    imports = {
        "locations": _locations(beside / "locations.csv", folder, options.count),
        "products": orders,
        "rate-card": beside / "rate_card.csv",
        "stock": beside / "stock.csv",
    }
    if options.lines is None:
        baskets = real_baskets(file, options.count, options.seed)
        return FilePlay(baskets, imports | {"stock": _sell_out(baskets, imports["stock"], folder)})
    baskets = _drawn(file, options, options.lines)
    stock = _stock(baskets, options, imports["locations"], folder)
    return FilePlay(baskets, imports | {"stock": stock})


async def load(play: FilePlay, environment: Mapping[str, str]) -> None:
    """Import every file, by the command that anybody would use."""
    for kind, path in play.imports.items():
        await run_to_end([*OMS, "import", *_ARGUMENTS.get(kind, (kind,)), str(path)], env=environment)


def _drawn(file: OrderFile, options: Options, lines: tuple[int, int]) -> list[Basket]:
    return drawn_baskets(file, options.count, options.seed, lines)


def _locations(path: Path, folder: Path, count: int) -> Path:
    """The locations, with capacity for as many days as the orders are worth."""
    days = math.ceil(count / _ORDERS_A_DAY)
    if days == 1:
        return path
    rows = _rows(path)
    for row in rows:
        row["daily_order_capacity"] = str(int(row["daily_order_capacity"]) * days)
    return _write(folder / "locations.csv", rows)


def _sell_out(baskets: Sequence[Basket], stock: Path, folder: Path) -> Path:
    """The stock, without what is sold out before the first order of it."""
    gone = {basket.body["lines"][0]["sku"] for basket in baskets if basket.plot.demand is Demand.SOLD_OUT}
    return _write(folder / "stock.csv", [row for row in _rows(stock) if row["sku"] not in gone])


def _stock(baskets: Sequence[Basket], options: Options, locations: Path, folder: Path) -> Path:
    """Stock at a share of what the baskets ask for, at the file's locations."""
    places = [row["location_id"] for row in _rows(locations)]
    cells = scarce_stock(demand_of(baskets), options.stock_share, places, options.seed)
    rows = [
        {"sku": sku, "location_id": location, "on_hand": str(units)}
        for (location, sku), units in cells.items()
    ]
    return _write(folder / "stock.csv", rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
