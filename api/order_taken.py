"""An order as posted becomes an order as taken: priced, checked, and named by its content."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.intake import NewLine, NewOrder, take_order
from api.order_bodies import OrderPosted
from domain.errors import InvalidContent
from domain.pricing import OrderPrice, QuotedLine, price_order

PROVIDERS: Final = frozenset({"sandbox", "sandbox_single"})
_LARGEST: Final = 10**15
_CLOCKS_DIFFER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TakenOrder:
    """An order that may be written."""

    new: NewOrder

    @property
    def id(self) -> str:
        """The order's id."""
        return self.new.id

    async def write(self, connection: AsyncConnection, *, actor: str, now: datetime) -> bool:
        """Write it; False when it was there."""
        return await take_order(connection, self.new, actor=actor, now=now)


def taken(body: OrderPosted, now: datetime) -> TakenOrder:
    """Price and check an order; InvalidContent says where it cannot be."""
    if body.payment.provider not in PROVIDERS:
        raise InvalidContent("no payment provider has this name", "/payment/provider")
    if body.placed_at is not None and body.placed_at > now + _CLOCKS_DIFFER:
        raise InvalidContent("an order cannot be placed in the future", "/placed_at")
    price = _priced(body)
    return TakenOrder(
        NewOrder(
            channel=body.channel,
            order_number=body.order_number,
            content_hash=content_hash(body),
            currency=body.currency,
            placed_at=body.placed_at or now,
            customer=body.customer.model_dump(),
            ship_to=body.ship_to.model_dump(exclude_none=True),
            lines=tuple(NewLine(line.sku, line.quantity, line.unit_price) for line in body.lines),
            delivery_method=body.delivery.method,
            service_level=body.delivery.service_level,
            pickup_location=body.delivery.pickup_location,
            deliver_by=body.deliver_by,
            price=price,
            shipping=body.shipping_price,
            discount=body.discount,
            tax=body.tax,
            payment_provider=body.payment.provider,
            payment_token=body.payment.token,
            routing=body.routing,
        )
    )


def _priced(body: OrderPosted) -> OrderPrice:
    quoted = [QuotedLine(line.quantity, line.unit_price, line.discount, line.tax) for line in body.lines]
    price = price_order(quoted, shipping=body.shipping_price, discount=body.discount, tax=body.tax)
    if body.total is not None and body.total != price.total:
        raise InvalidContent(f"the parts sum to {price.total}", "/total")
    if price.total > _LARGEST:
        raise InvalidContent("the order is worth more than can be booked", "/total")
    return price


def content_hash(body: OrderPosted) -> str:
    """The digest of an order's canonical content: all of it but the payment token."""
    content = body.model_dump(mode="json", exclude={"payment": {"token"}})
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
