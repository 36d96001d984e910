"""One account: its objects, its clock, its events, and the faults that a test asks for."""

import itertools
import time
from collections import deque
from copy import deepcopy
from datetime import timedelta
from typing import Any, Final

from tests.adapters.payments.stripe_shaped.cards import TEMPLATES, Card
from tests.adapters.payments.stripe_shaped.refusal import unknown

Object = dict[str, Any]

_KINDS: Final = {"pi": "payment_intent", "ch": "charge", "re": "refund", "txn": "balance_transaction"}


class Account:
    """Everything under one secret key, in the memory of the process that serves it."""

    secret_key = "sk_test_of_the_suite"

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self.cards: dict[str, Card] = {}
        self.events: list[Object] = []
        self.faults: deque[str] = deque()
        """What happens to the next effects: `down`, `rate_limit`, `lock_timeout`, `error_after_effect`."""
        self.currency: str | None = None
        """What the account is settled in; None for each payment's own."""
        self.exchange_rate = 1.0
        self.search_trails: int = 60
        """Seconds until search finds what is new."""
        self._skipped = 0.0
        self._numbers = itertools.count(1)

    def now(self) -> int:
        return int(time.time() + self._skipped)

    def skip(self, span: timedelta) -> None:
        self._skipped += span.total_seconds()

    def issue(self, **behaviour: Any) -> str:
        """Return a payment method that behaves so; unattached, it pays once."""
        reference = f"pm_{self._number()}"
        self.cards[reference] = Card(**behaviour)
        return reference

    def issue_to_customer(self, **behaviour: Any) -> str:
        """Return customer and payment method as our tokens have them."""
        customer = f"cus_{self._number()}"
        return f"{customer}/{self.issue(customer=customer, **behaviour)}"

    def card(self, reference: str) -> Card:
        """A template is a new card each time. Refused when there is none of that id."""
        if reference in TEMPLATES:
            return Card(**deepcopy(TEMPLATES[reference]))
        if reference not in self.cards:
            raise unknown("PaymentMethod", reference, "payment_method")
        return self.cards[reference]

    def add(self, prefix: str, **content: Any) -> Object:
        """Keep a new object."""
        reference = f"{prefix}_{self._number()}"
        made = {"id": reference, "object": _KINDS[prefix], "created": self.now(), "livemode": False}
        self.objects[reference] = made | content
        return self.objects[reference]

    def find(self, reference: str, noun: str, param: str) -> Object:
        """Return an object. Refused when there is none of that id and kind."""
        found = self.objects.get(reference)
        if found is None or found["object"] != noun:
            raise unknown(noun, reference, param)
        return found

    def of_kind(self, noun: str) -> list[Object]:
        """Newest first, as Stripe lists them."""
        return [one for one in reversed(self.objects.values()) if one["object"] == noun]

    def tell(self, kind: str, about: Object) -> None:
        """Write an event with the object as it is at this moment."""
        self.events.append(
            {
                "id": f"evt_{self._number()}",
                "object": "event",
                "api_version": "2026-10-28.endive",
                "created": self.now(),
                "data": {"object": deepcopy(about)},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "type": kind,
            }
        )

    def _number(self) -> str:
        return f"3Shaped{next(self._numbers):012d}"
