"""One authorization and what may be done with it: pure rules, amounts in minor units."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapters.payments.sandbox_service.accounts import Account
from adapters.payments.sandbox_service.refusals import (
    ABOVE_AUTHORIZATION,
    ABOVE_CAPTURED,
    AUTHORIZATION_CLOSED,
    AUTHORIZATION_EXPIRED,
    CUSTOMER_IS_ASKED,
    NOTHING_TO_VOID,
    Refusal,
    Refused,
)


class State(StrEnum):
    """Where an authorization stands."""

    ACTION_REQUIRED = "action_required"
    AUTHORIZED = "authorized"
    PARTIALLY_CAPTURED = "partially_captured"
    CAPTURED = "captured"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Authorization:
    """Money set aside, or to be set aside when the customer confirms (`waits`).

    `released` went back to the customer uncaptured, by a void or a final capture. `capturing` and
    `refunding` are decided later. `single_capture`: every capture is final.
    """

    reference: str
    order_id: str
    token: str
    currency: str
    authorized: int
    captured: int = 0
    capturing: int = 0
    released: int = 0
    refunded: int = 0
    refunding: int = 0
    expires_at: datetime | None = None
    waits: bool = False
    single_capture: bool = False
    account: Account = Account.SANDBOX

    @property
    def left(self) -> int:
        """What is neither captured, nor being captured, nor released; also of an expired one."""
        return self.authorized - self.captured - self.capturing - self.released

    def state(self, now: datetime) -> State:
        """Tell the state; one that was partly captured and then released counts as captured."""
        if self.waits:
            return State.ACTION_REQUIRED
        taken = self.captured or self.capturing
        if self.left == 0:
            return State.CAPTURED if taken else State.VOIDED
        if self._expired(now):
            return State.EXPIRED
        return State.PARTIALLY_CAPTURED if taken else State.AUTHORIZED

    def confirm(self, expires_at: datetime | None) -> "Authorization":
        """Set the money aside that waited for the customer."""
        return replace(self, waits=False, expires_at=expires_at)

    def call_off(self) -> "Authorization":
        """Give up what waits for the customer: it held nothing."""
        return replace(self, waits=False, released=self.authorized)

    def capture(self, amount: int, now: datetime, *, final: bool) -> "Authorization":
        """Take money; `final` releases the rest. Refused above what is left, after void and expiry."""
        return self.begin_capture(amount, now).settle_capture(amount, final=final)

    def begin_capture(self, amount: int, now: datetime) -> "Authorization":
        """Keep money for a capture that is decided later. Refused as a capture is."""
        self._refuse_when_gone(now, AUTHORIZATION_CLOSED)
        if self.single_capture and self.capturing:
            raise Refused(AUTHORIZATION_CLOSED)
        if amount > self.left:
            raise Refused(ABOVE_AUTHORIZATION)
        return replace(self, capturing=self.capturing + amount)

    def settle_capture(self, amount: int, *, final: bool) -> "Authorization":
        """Take what was kept for a capture."""
        taken = replace(self, capturing=self.capturing - amount, captured=self.captured + amount)
        final = final or self.single_capture
        return replace(taken, released=taken.released + taken.left) if final else taken

    def drop_capture(self, amount: int) -> "Authorization":
        """Free what was kept for a capture that failed."""
        return replace(self, capturing=self.capturing - amount)

    def void(self, now: datetime) -> "Authorization":
        """Release what is left. Refused when that is nothing."""
        if self.waits:
            return self.call_off()
        self._refuse_when_gone(now, NOTHING_TO_VOID)
        return replace(self, released=self.released + self.left)

    def refund(self, amount: int) -> "Authorization":
        """Give captured money back, also long after expiry. Refused above what was captured."""
        return self.begin_refund(amount).settle_refund(amount)

    def begin_refund(self, amount: int) -> "Authorization":
        """Keep captured money for a refund that is decided later. Refused as a refund is."""
        if self.refunded + self.refunding + amount > self.captured:
            raise Refused(ABOVE_CAPTURED)
        return replace(self, refunding=self.refunding + amount)

    def settle_refund(self, amount: int) -> "Authorization":
        """Give back what was kept for a refund."""
        return replace(self, refunding=self.refunding - amount, refunded=self.refunded + amount)

    def drop_refund(self, amount: int) -> "Authorization":
        """Free what was kept for a refund that failed."""
        return replace(self, refunding=self.refunding - amount)

    def take_back_refund(self, amount: int) -> "Authorization":
        """Keep what a refund had given, and nobody could credit."""
        return replace(self, refunded=self.refunded - amount)

    def _refuse_when_gone(self, now: datetime, nothing_left: Refusal) -> None:
        if self.waits:
            raise Refused(CUSTOMER_IS_ASKED)
        if self.left == 0:
            raise Refused(nothing_left)
        if self._expired(now):
            raise Refused(AUTHORIZATION_EXPIRED)

    def _expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now
