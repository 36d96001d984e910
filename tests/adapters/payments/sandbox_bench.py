"""The sandbox provider as the contract suite wants it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from standardwebhooks import Webhook

from adapters.payments.sandbox import SandboxPayments
from domain.payment import ActionRequired
from tests.adapters.payments.bench import Delivery, Tokens
from tests.adapters.payments.letterbox import SECRET, Letterbox

TOKENS = Tokens(
    good="tok_ok",
    declined="tok_declined",
    soft="tok_insufficient_then_ok",
    late="tok_timeout_once",
    action="tok_3ds",
    captured_later="tok_capture_pending",
    capture_fails_later="tok_capture_fails_later",
    refunded_later="tok_refund_pending",
    refund_fails_later="tok_refund_fails_later",
    refund_comes_back="tok_refund_comes_back",
)


@dataclass
class SandboxBench:
    """The service behind a socket, with a letterbox for its notices."""

    http: httpx.AsyncClient
    letterbox: Letterbox
    provider: SandboxPayments
    hasty: SandboxPayments
    hasty_limit: timedelta
    unreachable: SandboxPayments
    tokens: Tokens = TOKENS

    async def end_action(self, required: ActionRequired, *, passed: bool) -> None:
        """Answer the challenge, as the customer's browser does; one that is over stays as it is."""
        outcome = {"outcome": "passed" if passed else "failed"}
        await self.http.post(required.url, json=outcome)

    async def delivered(self, order_id: str) -> list[Delivery]:
        """Return the notices of an order, in the order of their arrival."""
        return self.letterbox.about(order_id)

    def signed(self, body: bytes, *, at: datetime) -> Delivery:
        """Return a message with a good signature of that moment."""
        signature = Webhook(SECRET).sign("evt_test", at, body.decode())
        headers = {
            "webhook-id": "evt_test",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        }
        return Delivery(headers, body)
