"""Stripe's books of a span of time, each effect with the key that we noted on it."""

import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import stripe

from adapters.payments.stripe_payments import answers, notes
from adapters.payments.stripe_payments.amounts import from_stripe
from adapters.payments.stripe_payments.captures import Captured, captured_of
from adapters.payments.stripe_payments.connection import Connection
from adapters.payments.stripe_payments.reading import told
from domain.payment import BookedEffect, MoneyStep

_PAGE: Final = 100
_LONGEST_HOLD: Final = timedelta(days=31)
"""No authorization holds longer, so what is voided in a span was authorized at most this long before it."""

_AUTHORIZED: Final = {"succeeded": "succeeded", "pending": "pending", "failed": "declined"}
_REFUNDED: Final = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


async def booked(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
    """Give what happened from `since` until before `until`; objects without an order of ours are left out."""
    walks = (_authorizations, _captures, _voids, _refunds)
    for walk in walks:
        async for effect in walk(connection, since, until):
            yield effect


async def _authorizations(
    connection: Connection, since: datetime, until: datetime
) -> AsyncIterator[BookedEffect]:
    params = _span(since, until)
    async for charge in connection.walk(lambda: connection.sdk.charges.list_async(params)):
        if (order := notes.order_of(charge)) is not None:
            yield BookedEffect(
                order_id=order,
                step=MoneyStep.AUTHORIZE,
                amount=from_stripe(charge.amount, charge.currency),
                currency=charge.currency.upper(),
                status=_AUTHORIZED[charge.status],
                idempotency_key=notes.key_of(charge, notes.AUTHORIZE) or charge.id,
                at=_at(charge.created),
            )


async def _captures(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
    params = _span(since, until) | {"type": "charge", "expand": ["data.source.payment_intent"]}
    known: dict[str, Captured] = {}
    async for one in connection.walk(lambda: connection.sdk.balance_transactions.list_async(params)):
        charge, intent = told(one, "source"), told(one, "source", "payment_intent")
        if (order := notes.order_of(intent)) is None:
            continue
        if one.id not in known:
            found = await captured_of(connection, intent, charge, one)
            known |= {captured.booked_as: captured for captured in found}
        yield BookedEffect(
            order_id=order,
            step=MoneyStep.CAPTURE,
            amount=known[one.id].amount,
            currency=charge.currency.upper(),
            status="succeeded",
            idempotency_key=known[one.id].key,
            at=_at(one.created),
            fee=known[one.id].fee,
        )


async def _voids(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
    params = _span(since - _LONGEST_HOLD, until) | {"expand": ["data.latest_charge"]}
    async for intent in connection.walk(lambda: connection.sdk.payment_intents.list_async(params)):
        order, at = notes.order_of(intent), _voided_at(intent)
        if order is None or at is None or not since <= at < until:
            continue
        noted = notes.void_of(intent)
        yield BookedEffect(
            order_id=order,
            step=MoneyStep.VOID,
            amount=from_stripe(intent.amount - intent.amount_received, intent.currency),
            currency=intent.currency.upper(),
            status="succeeded",
            idempotency_key=noted.key if noted else intent.id,
            at=at,
        )


def _voided_at(intent: stripe.PaymentIntent) -> datetime | None:
    """When the rest of an authorization was released by somebody's will, ours or by hand."""
    if not answers.is_released(intent) or told(intent, "latest_charge", "status") != "succeeded":
        return None
    noted = notes.void_of(intent)
    if intent.canceled_at is not None:
        return _at(intent.canceled_at)
    return noted.at if noted else None


async def _refunds(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
    params = _span(since, until) | {"expand": ["data.charge"]}
    async for refund in connection.walk(lambda: connection.sdk.refunds.list_async(params)):
        order = notes.order_of(refund) or notes.order_of(refund.charge)
        key = notes.key_of(refund, notes.REFUND) or _done_by_hand(refund)
        if order is not None and key is not None:
            yield BookedEffect(
                order_id=order,
                step=MoneyStep.REFUND,
                amount=from_stripe(refund.amount, refund.currency),
                currency=refund.currency.upper(),
                status=_REFUNDED.get(refund.status or "", "pending"),
                idempotency_key=key,
                at=_at(refund.created),
            )


def _done_by_hand(refund: stripe.Refund) -> str | None:
    """A refund that moves no money is only how Stripe writes down that an authorization was released."""
    return refund.id if refund.balance_transaction else None


def _span(since: datetime, until: datetime) -> Any:
    """Stripe's times are whole seconds: the first of the span is the next whole one."""
    created = {"gte": math.ceil(since.timestamp()), "lt": math.ceil(until.timestamp())}
    return {"created": created, "limit": _PAGE}


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
