"""What the DOM is asked for an order: its pending units, and the network as this order may see it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.capacity import capacity_day
from adapters.db.network import load_network
from adapters.db.policies import policy_for
from adapters.db.postal import place
from adapters.db.promises import due_for
from adapters.db.stock import Cell
from adapters.db.stock_targets import positions, weighs_stock
from adapters.db.tables import (
    earmarks,
    fulfillment_orders,
    locations,
    order_lines,
    orders,
    products,
    reserved_capacity,
)
from routing import (
    Band,
    Destination,
    InboundSupply,
    Network,
    Policy,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
)
from routing.model.rates import METHODS
from routing.rules import MaxRejects

PICKUP = Service("pickup", (Band(Decimal(50_000), Decimal(0), Decimal(0), Decimal(0)),), methods=METHODS)
"""The customer comes: no carrier, at any distance."""

PRODUCT_FACTS: Final = tuple(
    products.c[name]
    for name in ("weight_g", "tax_category", "length_mm", "width_mm", "height_mm", "flags", "category")
)

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
    `policy`: the stored one that is for the order now, None if none is.
    """

    order: RoutingOrder | None
    placed: bool
    network: Network
    stock: Mapping[Cell, int]
    failed: frozenset[str]
    short: frozenset[str]
    exclude: frozenset[str]
    include: frozenset[str] | None
    policy: Policy | None = None

    def limited(self, fallback: Policy) -> Policy:
        """Return the policy for the order, else the fallback, within what persons and failures rule out.

        One failure rules a location out, unless the policy says how many do.
        """
        policy = self.policy or fallback
        counted = any(rule.name == MaxRejects.name for rule in policy.rules)
        policy = policy.never(self.exclude if counted else self.exclude | self.failed)
        return policy.only(self.include) if self.include else policy


async def read_request(
    connection: AsyncConnection, order_id: str, now: datetime, *, waiting: bool = False
) -> RoutingRequest:
    """Read what to plan for an order, with `waiting` its backordered units too; locks nothing."""
    order = (await connection.execute(select(orders).where(orders.c.id == order_id))).one()
    units = order_lines.c.pending + order_lines.c.backordered if waiting else order_lines.c.pending
    rows = await connection.execute(
        select(order_lines, *PRODUCT_FACTS, units.label("units"))
        .join(products, products.c.sku == order_lines.c.sku)
        .where(order_lines.c.order_id == order_id, units > 0)
        .order_by(order_lines.c.position)
    )
    lines = tuple(map(_line, rows))
    pickup = order.delivery_method == "pickup"
    network = await load_network(connection, {line.sku for line in lines}, now, order.service_level)
    network = replace(network, stock=await _with_earmarks(connection, order_id, network.stock))
    if order.reservation is not None:
        network = replace(network, locations=await _with_places(connection, order, network.locations, now))
    network = replace(network, inbound=await _due(connection, order, lines, network.stock))
    if pickup:
        network = replace(network, services=(PICKUP,))
    if order.pinned_location is not None:
        network = replace(network, locations=_woken(network.locations, order.pinned_location))
    destination = await _destination(connection, order, network)
    failures = await _failures(connection, order)
    failed = frozenset(at for at, _ in failures)
    asked = None
    if lines and destination is not None:
        asked = replace(_asked(order, lines, destination), rejects=Counter(at for at, _ in failures))
    policy = await policy_for(connection, asked, now) if asked is not None else None
    if policy is not None and weighs_stock(policy):
        network = replace(network, positions=await positions(connection, {ln.sku for ln in lines}, now))
    return RoutingRequest(
        order=asked,
        placed=destination is not None,
        network=network,
        stock=network.stock,
        failed=failed,
        short=failed - {at for at, status in failures if status in {"rejected", "expired"}},
        exclude=frozenset(order.excluded_locations),
        include=_only(order),
        policy=policy,
    )


def _woken(places: tuple[RoutingLocation, ...], pinned: str) -> tuple[RoutingLocation, ...]:
    """Who pins a location asks it although it rests."""
    return tuple(replace(place, cool_off_until=None) if place.id == pinned else place for place in places)


async def _due(
    connection: AsyncConnection,
    order: Row[Any],
    lines: Sequence[RoutingLine],
    stock: Mapping[Cell, int],
) -> tuple[InboundSupply, ...]:
    """What is on its way of the products that there is too little of; where there is enough nobody asks."""
    short = Counter({line.sku: 0 for line in lines})
    for line in lines:
        short[line.sku] += line.quantity
    only = _only(order)
    for (location_id, sku), units in stock.items():
        short[sku] -= units if only is None or location_id in only else 0
    skus = {sku for sku, units in short.items() if units > 0}
    due = await due_for(connection, skus, dict(order._mapping)) if skus else []  # noqa: SLF001 (a public name)
    return tuple(InboundSupply(lot.location_id, sku, lot.quantity, lot.expected_at) for sku, lot in due)


def _asked(order: Row[Any], lines: tuple[RoutingLine, ...], destination: Destination) -> RoutingOrder:
    return RoutingOrder(
        lines,
        destination,
        method=order.delivery_method,
        service_level=order.service_level,
        deliver_by=order.deliver_by,
        channel=order.channel,
        customer_tier=order.customer_tier,
        pickup_location=order.pickup_location if order.delivery_method == "pickup" else None,
    )


def _line(row: Row[Any]) -> RoutingLine:
    return RoutingLine(
        line_id=row.line_id,
        sku=row.sku,
        quantity=row.units,
        value=Decimal(row.unit_price),
        **facts_of(row),
    )


def facts_of(row: Row[Any]) -> dict[str, Any]:
    """What a routing line says of its product, from a row with PRODUCT_FACTS."""
    return {
        "weight_g": row.weight_g,
        "dims_mm": None if row.length_mm is None else (row.length_mm, row.width_mm, row.height_mm),
        "flags": frozenset(row.flags),
        "category": row.category or row.tax_category,
    }


async def _with_earmarks(
    connection: AsyncConnection, order_id: str, stock: Mapping[Cell, int]
) -> dict[Cell, int]:
    """What is set aside for the order counts as available to it, and only to it."""
    seen = dict(stock)
    for mark in await connection.execute(select(earmarks).where(earmarks.c.order_id == order_id)):
        cell = (mark.location_id, mark.sku)
        seen[cell] = seen.get(cell, 0) + mark.quantity
    return seen


async def _with_places(
    connection: AsyncConnection, order: Row[Any], places: tuple[RoutingLocation, ...], now: datetime
) -> tuple[RoutingLocation, ...]:
    """What the order's hold took of today at a location is there for the order."""
    taken = await connection.execute(
        select(reserved_capacity, locations.c.time_zone)
        .join(locations, locations.c.id == reserved_capacity.c.location_id)
        .where(reserved_capacity.c.reservation_id == order.reservation)
    )
    more = {row.location_id: row.taken for row in taken if row.day == capacity_day(row.time_zone, now)}
    return tuple(
        place
        if place.capacity is None or place.id not in more
        else replace(place, capacity=place.capacity + more[place.id])
        for place in places
    )


async def _destination(connection: AsyncConnection, order: Row[Any], network: Network) -> Destination | None:
    if order.delivery_method == "pickup":
        at = {one.id: one for one in network.locations}.get(order.pickup_location)
        return Destination(at.lat, at.lng) if at is not None else None
    country, postal_code = order.ship_to["country"], order.ship_to["postal_code"]
    known = order.lat is not None
    found = (order.lat, order.lng) if known else await place(connection, country, postal_code)
    if found is None:
        return None
    lat, lng = found
    return Destination(
        lat,
        lng,
        postal_code,
        country=country,
        region=order.ship_to.get("region"),
        residential=bool(order.ship_to.get("residential")),
    )


def _only(order: Row[Any]) -> frozenset[str] | None:
    if order.delivery_method == "pickup":
        return frozenset({order.pickup_location})
    return frozenset({order.pinned_location}) if order.pinned_location else None


async def _failures(connection: AsyncConnection, order: Row[Any]) -> list[tuple[str, str]]:
    """Location and status of each work that was rejected, let expire or short-picked, and not forgiven.

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
    return [(row.location_id, row.status) for row in rows if row.location_id != order.pinned_location]
