"""How events arrive: signed, each twice, and the newest first."""

import hashlib
import hmac
import json
from datetime import datetime

from tests.adapters.payments.bench import Delivery
from tests.adapters.payments.stripe_shaped.account import Account


def signed(secret: str, body: bytes, at: datetime) -> Delivery:
    """Sign as Stripe does: HMAC-SHA256 over second, dot and body, beside an old secret's proof."""
    second = int(at.timestamp())
    proof = hmac.new(secret.encode(), b"%d." % second + body, hashlib.sha256).hexdigest()
    return Delivery({"Stripe-Signature": f"t={second},v1={'0' * 64},v1={proof},v0=unused"}, body)


def delivered(account: Account, secret: str, order_id: str, at: datetime) -> list[Delivery]:
    """Return the events about an order, out of order and doubled."""
    bodies = [
        json.dumps(event).encode()
        for event in reversed(account.events)
        if event["data"]["object"]["metadata"].get("order_id") == order_id
    ]
    return [signed(secret, body, at) for body in bodies for _ in range(2)]
