"""The payment port: what the service asks of a payment provider, and every answer it may give."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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


class Check(StrEnum):
    """What became of one check of a card: the address (AVS), the code on its back (CVC), 3-D Secure."""

    PASSED = "passed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    NOT_MADE = "not_made"


class RiskLevel(StrEnum):
    """How much a provider doubts a payment; `review` is its wish that a person looks."""

    NORMAL = "normal"
    ELEVATED = "elevated"
    REVIEW = "review"
    HIGHEST = "highest"


@dataclass(frozen=True, slots=True)
class Signals:
    """What a provider tells about the trust that an authorization deserves."""

    risk: RiskLevel = RiskLevel.NORMAL
    avs: Check = Check.NOT_MADE
    cvc: Check = Check.NOT_MADE
    three_d_secure: Check = Check.NOT_MADE


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The effect is in the provider's books.

    `expires_at` is told for an authorization that ends. `fee`: what the provider keeps of a capture, in
    minor units.
    """

    reference: str
    signals: Signals = field(default_factory=Signals)
    expires_at: datetime | None = None
    fee: int = 0


class Advice(StrEnum):
    """What a provider advises after a no."""

    NEVER_AGAIN = "never_again"
    """Not with this means of payment, whenever it is tried."""

    TRY_LATER = "try_later"
    ANOTHER_METHOD = "another_method"
    """The customer should bring another means of payment; this one may work some day."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider said no, and means it for this key; `hard`: no attempt with this token can succeed."""

    code: str
    hard: bool
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class ActionRequired:
    """The customer has to confirm at `url` first, as 3-D Secure asks; a notice tells what came of it."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Taken, and to be confirmed later by a notice."""

    reference: str


PaymentAnswer = Succeeded | Declined | ActionRequired | Pending


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """What a provider tells by itself: the answer to an effect that it had taken.

    `idempotency_key`: of the effect. `event_id`: the same for each delivery of one notice. Notices may come
    twice, late, and in any order; what they tell is what was true at `occurred_at`.
    """

    event_id: str
    idempotency_key: str
    step: MoneyStep
    answer: PaymentAnswer
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class BookedEffect:
    """One effect in a provider's books: succeeded, declined or failed, or still pending.

    `at`: when it was decided, of a pending one when it was asked for. `fee` in minor units.
    """

    order_id: str
    step: MoneyStep
    amount: int
    currency: str
    status: str
    idempotency_key: str
    at: datetime
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do.

    `several_captures`: an authorization may be captured in parts. Where it may not, a capture releases the
    rest, which has to be authorized again. `keeps_keys`: how long it knows an idempotency key; an older
    effect of which the outcome is unknown has to be looked up.
    """

    several_captures: bool = True
    keeps_keys: timedelta = timedelta(hours=24)


class PaymentUnavailable(Exception):  # noqa: N818 (the trade's word; it is an error by its base)
    """No answer: the effect may or may not have happened. Ask again with the same key."""


class NoticeRefused(Exception):  # noqa: N818 (the trade's word; it is an error by its base)
    """A notice that does not prove that it is from the provider."""


class PaymentProvider(Protocol):
    """A payment service provider. Raises PaymentUnavailable when it cannot be asked."""

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do."""
        ...

    async def execute(self, request: PaymentRequest) -> PaymentAnswer:
        """Carry out one keyed effect; the same key always has one effect and one answer.

        What was answered ActionRequired or Pending is answered so again, also when it is decided.
        """
        ...

    async def look_up(self, request: PaymentRequest) -> PaymentAnswer | None:
        """Tell what became of an effect that was asked for: its answer as of now, None when it never was."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice | None:
        """Read what the provider sent; None for what is no news of an effect of ours.

        Raises NoticeRefused without proof of its sender, ValueError for what is proven and unreadable.
        """
        ...

    def booked(self, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
        """Walk through the provider's books: what happened from `since` until before `until`, any order."""
        ...
