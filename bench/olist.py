"""Real orders with real geography, read from a folder of CSV files: orders, locations, stock, rate card.

The files are not part of the project; where they are absent the benchmark says so. Money there is major
units with decimals, here minor units.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from routing import (
    Band,
    Destination,
    Network,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
)

PLACE: Final = Path(__file__).parents[2] / "shared" / "data" / "olist"
"""Beside the project."""

_SHOP_TIME: Final = ZoneInfo("America/Sao_Paulo")
_ZONES: Final = {
    "AM": "America/Manaus",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "MT": "America/Cuiaba",
    "PE": "America/Recife",
}
"""Time zones of the locations' states that do not keep the capital's."""


@dataclass(frozen=True, slots=True)
class RealOrder:
    """One order as it was: when it was placed, and by when its customer was told to have it."""

    order: RoutingOrder
    placed_at: datetime
    promised_by: datetime


class NotThere(Exception):  # noqa: N818 (the fact, in the caller's words)
    """The data is not beside the project; the text says where it was looked for."""


def read_orders(folder: Path) -> list[RealOrder]:
    """All orders, by the moment they were placed."""
    rows = sorted(_rows(folder, "orders"), key=lambda row: (row["placed_at"], row["order_id"]))
    return [_order(list(lines)) for _, lines in groupby(rows, key=lambda row: row["order_id"])]


def read_network(folder: Path) -> Network:
    """The locations with their stock, and one service whose bands are the rate card's zones.

    A location's priority is its place in the file, where the large ones stand first.
    """
    stock = {(row["location_id"], row["sku"]): int(row["on_hand"]) for row in _rows(folder, "stock")}
    bands = tuple(_band(row) for row in _rows(folder, "rate_card"))
    places = tuple(_location(row, rank) for rank, row in enumerate(_rows(folder, "locations"), start=1))
    return Network(places, stock, (Service("parcel", bands),))


def daily_orders(folder: Path) -> dict[str, int]:
    """How many orders a location works on a day."""
    return {row["location_id"]: int(row["daily_order_capacity"]) for row in _rows(folder, "locations")}


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise NotThere(f"the real orders are not here: there is no {path}")
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _order(rows: list[dict[str, str]]) -> RealOrder:
    first = rows[0]
    lines = tuple(
        RoutingLine(
            line_id=str(number),
            sku=row["sku"],
            quantity=int(row["quantity"]),
            weight_g=int(row["weight_g"]),
            category=row["category"] or None,
            value=_minor(row["price"]),
        )
        for number, row in enumerate(rows, start=1)
    )
    to = Destination(float(first["lat"]), float(first["lng"]), first["zip_prefix"])
    promised = _moment(first["promised_by"]) + timedelta(days=1)  # it names a day, which counts to its end
    return RealOrder(RoutingOrder(lines, to, deliver_by=promised), _moment(first["placed_at"]), promised)


def _location(row: dict[str, str], rank: int) -> RoutingLocation:
    return RoutingLocation(
        id=row["location_id"],
        kind=row["kind"],  # type: ignore[arg-type]  # the file's kinds are the trade's
        lat=float(row["lat"]),
        lng=float(row["lng"]),
        handling_cost=_minor(row["handling_cost"]),
        time_zone=_ZONES.get(row["state"], "America/Sao_Paulo"),
        cutoff=time.fromisoformat(row["cutoff_local"]),
        priority=rank,
    )


def _band(row: dict[str, str]) -> Band:
    return Band(
        max_km=Decimal(row["max_km"]),
        base=_minor(row["base"]),
        per_kg=_minor(row["per_kg"]),
        transit_days=Decimal(row["transit_days_p50"]),
    )


def _minor(amount: str) -> Decimal:
    return Decimal(amount) * 100


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_SHOP_TIME)
