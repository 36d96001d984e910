"""One authorization and what may be done with it: pure rules, amounts in minor units."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapters.payments.sandbox_service.refusals import (
    ABOVE_AUTHORIZATION,
    ABOVE_CAPTURED,
    AUTHORIZATION_CLOSED,
    AUTHORIZATION_EXPIRED,
    NOTHING_TO_VOID,
    Refusal,
    Refused,
)


class State(StrEnum):
    """Where an authorization stands."""

    AUTHORIZED = "authorized"
    PARTIALLY_CAPTURED = "partially_captured"
    CAPTURED = "captured"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Authorization:
    """Money set aside. `released` went back to the customer uncaptured, by a void or a final capture."""

    reference: str
    order_id: str
    token: str
    currency: str
    authorized: int
    captured: int = 0
    released: int = 0
    refunded: int = 0
    expires_at: datetime | None = None

    @property
    def left(self) -> int:
        """What is neither captured nor released; an expired authorization still shows it."""
        return self.authorized - self.captured - self.released

    def state(self, now: datetime) -> State:
        """Tell the state; one that was partly captured and then released counts as captured."""
        if self.left == 0:
            return State.CAPTURED if self.captured else State.VOIDED
        if self._expired(now):
            return State.EXPIRED
        return State.PARTIALLY_CAPTURED if self.captured else State.AUTHORIZED

    def capture(self, amount: int, now: datetime, *, final: bool) -> "Authorization":
        """Take money; `final` releases the rest. Refused above what is left, after void and expiry."""
        self._refuse_when_gone(now, AUTHORIZATION_CLOSED)
        if amount > self.left:
            raise Refused(ABOVE_AUTHORIZATION)
        captured = self.captured + amount
        released = self.authorized - captured if final else self.released
        return replace(self, captured=captured, released=released)

    def void(self, now: datetime) -> "Authorization":
        """Release what is left. Refused when that is nothing."""
        self._refuse_when_gone(now, NOTHING_TO_VOID)
        return replace(self, released=self.released + self.left)

    def refund(self, amount: int) -> "Authorization":
        """Give captured money back, also long after expiry. Refused above what was captured."""
        if self.refunded + amount > self.captured:
            raise Refused(ABOVE_CAPTURED)
        return replace(self, refunded=self.refunded + amount)

    def _refuse_when_gone(self, now: datetime, nothing_left: Refusal) -> None:
        if self.left == 0:
            raise Refused(nothing_left)
        if self._expired(now):
            raise Refused(AUTHORIZATION_EXPIRED)

    def _expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now
