"""A cart, before it is an order: what the DOM is asked for it, on the rows that orders are routed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.network import load_network
from adapters.db.policies import policy_for
from adapters.db.postal import place
from adapters.db.routing_request import PICKUP, PRODUCT_FACTS, facts_of
from adapters.db.stock_targets import positions, weighs_stock
from adapters.db.tables import locations, products
from domain.errors import InvalidContent
from routing import LOWEST_COST, Destination, Network, Policy, RoutingLine, RoutingOrder


@dataclass(frozen=True, slots=True)
class CartLine:
    """Units of one product, at a price in minor units, which rules about an order's value look at."""

    sku: str
    quantity: int
    unit_price: int = 0


@dataclass(frozen=True, slots=True)
class Cart:
    """What somebody is about to order. `ship_to` holds country and postal code, and lat and lng if known."""

    channel: str
    lines: tuple[CartLine, ...]
    ship_to: Mapping[str, Any] | None
    method: Literal["ship", "pickup"]
    service_level: str
    pickup_location: str | None
    deliver_by: datetime | None = None
    customer_tier: str | None = None

    @property
    def skus(self) -> set[str]:
        """The products in it."""
        return {line.sku for line in self.lines}

    def shown(self) -> dict[str, Any]:
        """The cart as it is kept with its hold."""
        return {
            "lines": [{"sku": line.sku, "quantity": line.quantity} for line in self.lines],
            "ship_to": None if self.ship_to is None else dict(self.ship_to),
            "delivery": {
                "method": self.method,
                "service_level": self.service_level,
                "pickup_location": self.pickup_location,
            },
        }


@dataclass(frozen=True, slots=True)
class CartRequest:
    """One question to the DOM, as an order of the cart's content would ask it."""

    order: RoutingOrder
    network: Network
    policy: Policy


async def read_cart(
    connection: AsyncConnection, cart: Cart, now: datetime, fallback: Policy = LOWEST_COST
) -> CartRequest:
    """Read what to plan for a cart; locks nothing. Raises InvalidContent for names that do not exist.

    It is planned by the stored policy that is for its order, else by `fallback`.
    """
    order = RoutingOrder(
        await _lines(connection, cart.lines),
        await _destination(connection, cart),
        method=cart.method,
        pickup_location=cart.pickup_location,
        service_level=cart.service_level,
        deliver_by=cart.deliver_by,
        channel=cart.channel,
        customer_tier=cart.customer_tier,
    )
    policy = await policy_for(connection, order, now) or fallback
    network = await load_network(connection, cart.skus, now, cart.service_level)
    if weighs_stock(policy):
        network = replace(network, positions=await positions(connection, cart.skus, now))
    if cart.method == "pickup":
        network = replace(network, services=(PICKUP,))
        policy = policy.only([str(cart.pickup_location)])
    return CartRequest(order, network, policy)


async def _lines(connection: AsyncConnection, lines: Sequence[CartLine]) -> tuple[RoutingLine, ...]:
    asked = products.c.sku.in_({line.sku for line in lines})
    rows = await connection.execute(select(products.c.sku, *PRODUCT_FACTS).where(asked))
    known = {row.sku: facts_of(row) for row in rows}
    for index, line in enumerate(lines):
        if line.sku not in known:
            raise InvalidContent("there is no such product", f"/lines/{index}/sku")
    return tuple(
        RoutingLine(
            line_id=str(number),
            sku=line.sku,
            quantity=line.quantity,
            value=Decimal(line.unit_price),
            **known[line.sku],
        )
        for number, line in enumerate(lines, 1)
    )


async def _destination(connection: AsyncConnection, cart: Cart) -> Destination:
    if cart.ship_to is None:
        there = select(locations.c.lat, locations.c.lng).where(
            locations.c.id == cart.pickup_location, locations.c.active
        )
        at = (await connection.execute(there)).one_or_none()
        if at is None:
            raise InvalidContent("there is no such location", "/delivery/pickup_location")
        return Destination(at.lat, at.lng)
    to = cart.ship_to
    known = to.get("lat") is not None
    found = (to["lat"], to["lng"]) if known else await place(connection, to["country"], to["postal_code"])
    if found is None:
        raise InvalidContent("nobody knows where this postal code lies", "/ship_to/postal_code")
    return Destination(
        found[0],
        found[1],
        to["postal_code"],
        country=to["country"],
        region=to.get("region"),
        residential=bool(to.get("residential")),
    )
