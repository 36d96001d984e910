"""The payment port: what the service asks of a payment provider, and every answer it may give."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class MoneyStep(StrEnum):
    """The four effects a provider can have on a customer's money."""

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """One keyed effect.

    `amount` in minor units; `authorization` is the provider's reference of what the
    step acts on (None for authorize); `token` is given for authorize only; `final` tells that no further
    capture follows, so the rest may be released.
    """

    order_id: str
    step: MoneyStep
    idempotency_key: str
    amount: int
    currency: str
    token: str | None = None
    authorization: str | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The effect is in the provider's books. `expires_at` is told for an authorization that ends."""

    reference: str
    risk: str = "normal"
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider said no, and means it for this key; `hard`: no attempt with this token can succeed."""

    code: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """Taken, and to be confirmed later."""

    reference: str


PaymentAnswer = Succeeded | Declined | Pending


class PaymentUnavailable(Exception):  # noqa: N818 (the trade's word; it is an error by its base)
    """No answer: the effect may or may not have happened. Ask again with the same key."""


class PaymentProvider(Protocol):
    """A payment service provider. Raises PaymentUnavailable when it cannot be asked."""

    async def execute(self, request: PaymentRequest) -> PaymentAnswer:
        """Carry out one keyed effect; the same key always has one effect and one answer."""
        ...
