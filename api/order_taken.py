"""An order as posted becomes an order as taken: priced, taxed, checked, and named by its content."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.intake import NewLine, NewOrder, take_order, was_taken
from adapters.db.tax import TableTax, kept
from adapters.payments.providers import PaymentProviders
from api.order_bodies import OrderPosted
from config.settings import Settings
from domain.errors import InvalidContent
from domain.ids import order_id
from domain.pricing import LARGEST_TOTAL, OrderPrice, QuotedLine, UntaxedPrice, price_before_tax
from domain.tax import GivenTax, Sale, Taxes, TaxSource, check_sent, place_of

_CLOCKS_DIFFER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TakenOrder:
    """An order that may be written, as soon as its tax is known."""

    body: OrderPosted
    placed_at: datetime
    untaxed: UntaxedPrice

    @property
    def id(self) -> str:
        """The order's id."""
        return order_id(self.body.channel, self.body.order_number)

    async def write(
        self, connection: AsyncConnection, settings: Settings, *, actor: str, now: datetime
    ) -> bool:
        """Write it; False when it was there. Raises InvalidContent where the money cannot be."""
        by_table = settings.tax is TaxSource.TABLE
        if by_table and await was_taken(connection, self.id, content_hash(self.body)):
            return False  # as it was taxed then, by rates that may have changed
        taxes = await self._taxes(connection, settings)
        price = self.untaxed.taxed([part.added for part in taxes.lines], taxes.shipping_added)
        _check_total(self.body, price)
        new = self._new(price, taxes if by_table else None)
        return await take_order(connection, new, actor=actor, now=now)

    async def _taxes(self, connection: AsyncConnection, settings: Settings) -> Taxes:
        body = self.body
        sent = tuple(line.tax for line in body.lines)
        sale = Sale(
            place_of(body.ship_to.model_dump()),
            self.placed_at.date(),
            self.untaxed.net,
            shipping=self.untaxed.shipping,
        )
        if settings.tax is TaxSource.GIVEN:
            return await GivenTax(body.tax, sent).taxes(sale)
        skus = tuple(line.sku for line in body.lines)
        taxes = await TableTax(connection, skus, settings.tax_missing).taxes(sale)
        check_sent(taxes, body.tax if "tax" in body.model_fields_set else None, sent)
        return taxes

    def _new(self, price: OrderPrice, taxes: Taxes | None) -> NewOrder:
        body = self.body
        return NewOrder(
            channel=body.channel,
            order_number=body.order_number,
            content_hash=content_hash(body),
            currency=body.currency,
            placed_at=self.placed_at,
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
            tax=price.tax,
            payment_provider=body.payment.provider,
            payment_token=body.payment.token,
            routing=body.routing,
            reservation=body.reservation,
            taxes=None if taxes is None else kept(taxes),
        )


def taken(body: OrderPosted, payments: PaymentProviders, now: datetime) -> TakenOrder:
    """Check an order and price it up to its tax; InvalidContent says where it cannot be."""
    payments.named(body.payment.provider)
    if body.placed_at is not None and body.placed_at > now + _CLOCKS_DIFFER:
        raise InvalidContent("an order cannot be placed in the future", "/placed_at")
    quoted = [QuotedLine(line.quantity, line.unit_price, line.discount) for line in body.lines]
    untaxed = price_before_tax(quoted, shipping=body.shipping_price, discount=body.discount)
    return TakenOrder(body, body.placed_at or now, untaxed)


def _check_total(body: OrderPosted, price: OrderPrice) -> None:
    if body.total is not None and body.total != price.total:
        raise InvalidContent(f"the parts sum to {price.total}", "/total")
    if price.total > LARGEST_TOTAL:
        raise InvalidContent("the order is worth more than can be booked", "/total")


def content_hash(body: OrderPosted) -> str:
    """The digest of an order's canonical content: all of it but the payment token."""
    content = body.model_dump(mode="json", exclude={"payment": {"token"}})
    for part, name in (
        (content, "reservation"),
        (content["customer"], "tier"),
        (content["ship_to"], "residential"),
    ):
        if part[name] is None:  # as the content of orders was told before there was such a thing
            del part[name]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
