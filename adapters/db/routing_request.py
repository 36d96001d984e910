"""What the DOM is asked for an order: its pending units, and the network as this order may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.network import load_network
from adapters.db.postal import place
from adapters.db.stock import Cell
from adapters.db.tables import earmarks, fulfillment_orders, order_lines, orders, products
from routing import Band, Destination, Network, RoutingLine, RoutingOrder, Service

PICKUP = Service("pickup", (Band(Decimal(50_000), Decimal(0), Decimal(0), Decimal(0)),))
"""The customer comes: no carrier, at any distance."""

FAILED: Final = or_(
    fulfillment_orders.c.status.in_(("rejected", "expired")),
    fulfillment_orders.c.reason == "short_pick",
)
"""Work that its location could not do, or not all of it."""


@dataclass(frozen=True, slots=True)
class RoutingRequest:
    """One question to the DOM. `order` is None when no unit is pending, or the address has no place.

    `failed`: locations that could not do it before; `short`: those of them that only found too few units.
    `exclude`: those that a person ruled out. `include`: the only ones that may serve, None for all.
    """

    order: RoutingOrder | None
    placed: bool
    network: Network
    stock: Mapping[Cell, int]
    failed: frozenset[str]
    short: frozenset[str]
    exclude: frozenset[str]
    include: frozenset[str] | None


async def read_request(
    connection: AsyncConnection, order_id: str, now: datetime, *, waiting: bool = False
) -> RoutingRequest:
    """Read what to plan for an order, with `waiting` its backordered units too; locks nothing."""
    order = (await connection.execute(select(orders).where(orders.c.id == order_id))).one()
    units = order_lines.c.pending + order_lines.c.backordered if waiting else order_lines.c.pending
    rows = await connection.execute(
        select(order_lines, products.c.weight_g, units.label("units"))
        .join(products, products.c.sku == order_lines.c.sku)
        .where(order_lines.c.order_id == order_id, units > 0)
        .order_by(order_lines.c.position)
    )
    lines = tuple(RoutingLine(row.line_id, row.sku, row.units, row.weight_g) for row in rows)
    pickup = order.delivery_method == "pickup"
    network = await load_network(connection, {line.sku for line in lines}, now, order.service_level)
    network = replace(network, stock=await _with_earmarks(connection, order_id, network.stock))
    if pickup:
        network = replace(network, services=(PICKUP,))
    destination = await _destination(connection, order, network)
    asked = RoutingOrder(lines, destination) if lines and destination is not None else None
    failed, short = await _failed(connection, order)
    return RoutingRequest(
        order=asked,
        placed=destination is not None,
        network=network,
        stock=network.stock,
        failed=failed,
        short=short,
        exclude=frozenset(order.excluded_locations),
        include=_only(order),
    )


async def _with_earmarks(
    connection: AsyncConnection, order_id: str, stock: Mapping[Cell, int]
) -> dict[Cell, int]:
    """What is set aside for the order counts as available to it, and only to it."""
    seen = dict(stock)
    for mark in await connection.execute(select(earmarks).where(earmarks.c.order_id == order_id)):
        cell = (mark.location_id, mark.sku)
        seen[cell] = seen.get(cell, 0) + mark.quantity
    return seen


async def _destination(connection: AsyncConnection, order: Row[Any], network: Network) -> Destination | None:
    if order.delivery_method == "pickup":
        at = {one.id: one for one in network.locations}.get(order.pickup_location)
        return Destination(at.lat, at.lng) if at is not None else None
    country, postal_code = order.ship_to["country"], order.ship_to["postal_code"]
    if order.lat is not None:
        return Destination(order.lat, order.lng, postal_code)
    found = await place(connection, country, postal_code)
    return Destination(found[0], found[1], postal_code) if found is not None else None


def _only(order: Row[Any]) -> frozenset[str] | None:
    if order.delivery_method == "pickup":
        return frozenset({order.pickup_location})
    return frozenset({order.pinned_location}) if order.pinned_location else None


async def _failed(connection: AsyncConnection, order: Row[Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Locations that rejected, let expire or short-picked this order, and were not forgiven; the last apart.

    Stock that came in meanwhile and is set aside for the order there speaks for the location again.
    """
    rows = await connection.execute(
        select(fulfillment_orders.c.location_id, fulfillment_orders.c.status).where(
            fulfillment_orders.c.order_id == order.id,
            fulfillment_orders.c.number > order.forgiven,
            FAILED,
            fulfillment_orders.c.location_id.not_in(
                select(earmarks.c.location_id).where(earmarks.c.order_id == order.id)
            ),
        )
    )
    works = [(row.location_id, row.status) for row in rows if row.location_id != order.pinned_location]
    failed = frozenset(place for place, _ in works)
    return failed, failed - {place for place, status in works if status in {"rejected", "expired"}}
