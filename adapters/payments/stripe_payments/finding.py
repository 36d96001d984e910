"""How an effect is found in Stripe's books when only its key is known."""

import time
from datetime import timedelta
from typing import Any, Final

import stripe

from adapters.payments.stripe_payments import notes
from adapters.payments.stripe_payments.connection import Connection
from domain.payment import PaymentRequest

_SEARCH_TRAILS: Final = timedelta(hours=1)
"""How far Stripe's search may be behind its books when it has trouble; a minute otherwise."""

_PAGE: Final = 100
_CHARGED: Final = "data.latest_charge"


async def find_authorization(connection: Connection, request: PaymentRequest) -> stripe.PaymentIntent | None:
    """Return the intent of a key: by its reference, by search, or among those of the last hour."""
    intents, key = connection.sdk.payment_intents, request.idempotency_key
    if request.authorization is not None:
        reference = request.authorization
        return await connection.look(lambda: intents.retrieve_async(reference, {"expand": ["latest_charge"]}))
    query = f"metadata['{notes.AUTHORIZE}']:'{key}'"
    found = await connection.look(
        lambda: intents.search_async({"query": query, "limit": 1, "expand": [_CHARGED]})
    )
    if found.data:
        return found.data[0]
    since = int(time.time() - _SEARCH_TRAILS.total_seconds())
    recent: Any = {"created": {"gte": since}, "limit": _PAGE, "expand": [_CHARGED]}
    async for intent in connection.walk(lambda: intents.list_async(recent)):
        if notes.key_of(intent, notes.AUTHORIZE) == key:
            return intent
    return None


async def find_refund(connection: Connection, request: PaymentRequest) -> stripe.Refund | None:
    """Return the refund of a key among those of its authorization."""
    params: Any = {"payment_intent": request.authorization, "limit": _PAGE}
    async for refund in connection.walk(lambda: connection.sdk.refunds.list_async(params)):
        if notes.key_of(refund, notes.REFUND) == request.idempotency_key:
            return refund
    return None
