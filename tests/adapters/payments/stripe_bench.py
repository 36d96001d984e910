"""Stripe's part in the contract suite: the adapter over the Stripe-shaped server."""

from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from adapters.payments.stripe_payments import Connection, StripePayments
from domain.payment import ActionRequired, PaymentProvider
from tests.adapters.payments.bench import Delivery, Tokens
from tests.adapters.payments.stripe_shaped import deliveries, intents
from tests.adapters.payments.stripe_shaped.account import Account
from tests.adapters.payments.stripe_shaped.cards import decline

SECRET: Final = "whsec_of_the_suite"
PATIENT: Final = timedelta(seconds=10)
HASTY: Final = timedelta(seconds=0.5)
LATE_SECONDS: Final = 1.5


def _tokens(account: Account) -> Tokens:
    """Fresh cards, each with its owner: a card without one pays once."""
    owned = account.issue_to_customer
    return Tokens(
        good="pm_card_visa",
        declined="pm_card_visa_chargeDeclinedLostCard",
        soft=owned(declines=[decline("insufficient_funds")]),
        late=owned(late=True),
        action=owned(authenticates=True),
        refunded_later=owned(refunds="pending"),
        refund_fails_later=owned(refunds="fails"),
        refund_comes_back=owned(refunds="fails_after_success"),
    )


class StripeBench:
    """One account, and the adapter in its three tempers."""

    def __init__(
        self, account: Account, http: httpx.AsyncClient, url: str, *, several_captures: bool = True
    ) -> None:
        self.account = account
        self.hasty_limit = HASTY
        self._http = http
        self.url = url
        self._several = several_captures
        self.provider: PaymentProvider = self.adapter()
        self.hasty: PaymentProvider = self.adapter(timeout=HASTY)
        self.unreachable: PaymentProvider = self.adapter(url="http://127.0.0.1:9")
        self.tokens = _tokens(account)

    def adapter(
        self, *, url: str | None = None, timeout: timedelta = PATIENT, key: str | None = None
    ) -> StripePayments:
        """Return one more adapter over the same account."""
        connection = Connection(self._http, key or self.account.secret_key, url or self.url, timeout)
        return StripePayments(
            connection,
            timeout,
            notice_secret=SECRET,
            return_url="https://shop.example/paid",
            several_captures=self._several,
        )

    async def end_action(self, required: ActionRequired, *, passed: bool) -> None:
        intents.end_action(self.account, required.reference, passed=passed)

    async def delivered(self, order_id: str) -> list[Delivery]:
        return deliveries.delivered(self.account, SECRET, order_id, datetime.now(UTC))

    def signed(self, body: bytes, *, at: datetime) -> Delivery:
        return deliveries.signed(SECRET, body, at)
