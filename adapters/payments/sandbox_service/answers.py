"""How the provider words its answers."""

import json
from datetime import datetime
from typing import Any

from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.tokens import script_of


def done(reference: str, after: Authorization, amount: int, *, fee: int, now: datetime) -> dict[str, Any]:
    """Word an effect that is in the books: its reference, the authorization after it, and its signals."""
    signals = script_of(after.token).signals
    return {
        "reference": reference,
        "authorization": after.reference,
        "state": after.state(now),
        "amount": amount,
        "risk": signals.risk,
        "avs": signals.avs,
        "cvc": signals.cvc,
        "three_d_secure": signals.three_d_secure,
        "expires_at": after.expires_at and after.expires_at.isoformat(),
        "fee": fee,
    }


def undecided(reference: str, after: Authorization, service_url: str) -> dict[str, Any]:
    """Word an effect that was taken; with the url where the customer confirms when that is awaited."""
    body = {"reference": reference, "authorization": after.reference}
    if not after.waits:
        return body | {"status": "pending"}
    url = f"{service_url.rstrip('/')}/challenges/{reference}"
    return body | {"status": "action_required", "url": url}


def worded(body: dict[str, Any]) -> str:
    """Return a body as it is kept and sent."""
    return json.dumps(body)
