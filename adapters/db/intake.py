"""Intake: an order, its lines, its first event and the start of its process, in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.catalog import known_skus
from adapters.db.hold_use import use_hold
from adapters.db.journal import tell
from adapters.db.postal import place
from adapters.db.tables import locations, order_events, order_lines, orders
from domain.errors import AnotherOrderContent, InvalidContent
from domain.ids import order_id
from domain.order_status import OrderStatus
from domain.payment_status import PaymentStatus
from domain.pricing import OrderPrice
from domain.risk import address_digest


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as ordered."""

    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as a storefront sent it, checked and priced; `content_hash` tells a repeat from another."""

    channel: str
    order_number: str
    content_hash: str
    currency: str
    placed_at: datetime
    customer: dict[str, Any]
    ship_to: dict[str, Any]
    lines: tuple[NewLine, ...]
    delivery_method: str
    service_level: str
    pickup_location: str | None
    deliver_by: datetime | None
    price: OrderPrice
    shipping: int
    discount: int
    tax: int
    payment_provider: str
    payment_token: str
    routing: str = "auto"
    taxes: list[dict[str, Any]] | None = None
    """What is kept of a tax that we worked out."""
    reservation: str | None = None
    """The checkout hold that the order uses."""

    @property
    def id(self) -> str:
        """The id that the order has wherever it is sent from, and however often."""
        return order_id(self.channel, self.order_number)


async def take_order(connection: AsyncConnection, new: NewOrder, *, actor: str, now: datetime) -> bool:
    """Write a new order; returns False for a repeat of one that is there.

    An equal order on its way in another transaction is waited for. Raises AnotherOrderContent when the
    number is taken by other content, InvalidContent for SKUs, pickup locations or a checkout hold that do not
    exist, or a hold of other things, ReservationUsed for another order's.
    """
    await _check_references(connection, new)
    row, lines = await _row(connection, new, now), _lines(new)
    written = await connection.execute(
        upsert(orders)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["channel", "order_number"])
        .returning(orders.c.id)
    )
    if written.first() is None:
        await was_taken(connection, new.id, new.content_hash)
        return False
    await connection.execute(insert(order_lines), lines)
    placed: dict[str, Any] = {
        "channel": new.channel,
        "order_number": new.order_number,
        "total": new.price.total,
    }
    if new.reservation is not None:
        status = await use_hold(connection, new.reservation, row, lines, now)
        placed["reservation"] = {"id": new.reservation, "status": status}
    await connection.execute(
        insert(order_events).values(
            order_id=new.id, seq=1, type="order.placed", at=now, actor=actor, data=placed
        )
    )
    await tell(connection, new.id, "start", {}, now)
    return True


async def was_taken(connection: AsyncConnection, order_id: str, content_hash: str) -> bool:
    """Whether an equal order is there. Raises AnotherOrderContent when one of other content is."""
    known = await connection.execute(
        select(orders.c.content_hash, orders.c.channel, orders.c.order_number).where(orders.c.id == order_id)
    )
    row = known.one_or_none()
    if row is not None and row.content_hash != content_hash:
        raise AnotherOrderContent(
            f"order {row.order_number} of channel {row.channel} was placed before with other content"
        )
    return row is not None


async def _check_references(connection: AsyncConnection, new: NewOrder) -> None:
    known = await known_skus(connection, {line.sku for line in new.lines})
    for index, line in enumerate(new.lines):
        if line.sku not in known:
            raise InvalidContent("there is no such product", f"/lines/{index}/sku")
    if new.pickup_location is not None:
        there = await connection.execute(
            select(locations.c.id).where(locations.c.id == new.pickup_location, locations.c.active)
        )
        if there.first() is None:
            raise InvalidContent("there is no such location", "/delivery/pickup_location")


async def _row(connection: AsyncConnection, new: NewOrder, now: datetime) -> dict[str, Any]:
    lat, lng = new.ship_to.get("lat"), new.ship_to.get("lng")
    if lat is None or lng is None:
        found = await place(connection, new.ship_to["country"], new.ship_to["postal_code"])
        lat, lng = found if found is not None else (None, None)
    return {
        "id": new.id,
        "channel": new.channel,
        "order_number": new.order_number,
        "content_hash": new.content_hash,
        "currency": new.currency,
        "status": (OrderStatus.RECEIVED if new.price.total else OrderStatus.ROUTING).value,
        "payment_status": PaymentStatus.NONE.value,
        "next_seq": 2,
        "placed_at": new.placed_at,
        "created_at": now,
        "customer_id": new.customer["id"],
        "customer_name": new.customer["name"],
        "customer_email": new.customer["email"],
        "customer_tier": new.customer.get("tier"),
        "ship_to": new.ship_to,
        "ship_to_digest": address_digest(new.ship_to),
        "lat": lat,
        "lng": lng,
        "delivery_method": new.delivery_method,
        "service_level": new.service_level,
        "pickup_location": new.pickup_location,
        "routing": new.routing,
        "deliver_by": new.deliver_by,
        "items": sum(line.quantity * line.unit_price for line in new.lines),
        "shipping": new.shipping,
        "shipping_charged": new.price.shipping + new.price.shipping_tax,
        "discount": new.discount,
        "tax": new.tax,
        "shipping_tax": new.price.shipping_tax,
        "taxes": new.taxes,
        "total": new.price.total,
        "payment_provider": new.payment_provider,
        "payment_token": new.payment_token,
    }


def _lines(new: NewOrder) -> list[dict[str, Any]]:
    return [
        {
            "order_id": new.id,
            "line_id": str(position),
            "position": position,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": priced.discount,
            "tax": priced.tax,
            "amount": priced.amount,
            "pending": line.quantity,
        }
        for position, (line, priced) in enumerate(zip(new.lines, new.price.lines, strict=True), 1)
    ]
