"""The one decision on money: which effect, if any, brings the provider's books in line with the order."""

from dataclasses import dataclass
from enum import StrEnum

from domain.payment import MoneyStep
from domain.payment_status import PaymentStatus


class SingleCapture(StrEnum):
    """What is done about a provider that captures once per authorization, and lets go of the rest."""

    REAUTHORIZE = "reauthorize"
    """What a capture let go of is authorized anew."""

    AT_LAST_SHIPMENT = "at_last_shipment"
    """Nothing is captured while something may still ship."""


@dataclass(frozen=True, slots=True)
class MoneyPosition:
    """An order's money at one moment, in minor units.

    `live`: what the units that were not cancelled cost, shipping included while there is any.
    `due`: what the units that left cost, shipping included from the first of them on.
    `authorized`: all authorizations, less what expired uncaptured; `superseded` is what is still set aside
    by those that a newer one took the place of. `written_off`: what nobody pursues any more.
    `refused`: a decline ended the attempt to pay. `shipping_over`: no unit is left that may still ship.
    `held`: a hold keeps money from being captured. `renew`: an authorization ends soon. `abandoned`: what an
    authorization may still set aside that nobody waits for any more. `single_capture`: the provider captures
    once per authorization. `postponed`: nothing is set aside yet, because its supply is far off.
    `refunds_skipped`: what was to go back, and was given by other means or not at all.
    """

    live: int
    due: int
    authorized: int
    captured: int
    voided: int
    refused: bool
    shipping_over: bool
    superseded: int = 0
    refund_due: int = 0
    refunded: int = 0
    written_off: int = 0
    held: bool = False
    renew: bool = False
    abandoned: int = 0
    single_capture: SingleCapture | None = None
    store_credit: int = 0
    postponed: bool = False
    refunds_skipped: int = 0

    @property
    def remaining(self) -> int:
        """What can still be captured."""
        return self.authorized - self.captured - self.voided - self.superseded

    @property
    def owed(self) -> int:
        """What the customer is to pay in all, as things stand."""
        return (self.due if self.shipping_over else self.live) - self.written_off

    @property
    def uncaptured(self) -> int:
        """What left, and is not paid for."""
        return max(self.due - self.written_off - self.captured, 0)

    @property
    def unrefunded(self) -> int:
        """What is to go back of what was captured, and has not gone."""
        return min(self.refund_due, self.captured - self.store_credit - self.refunds_skipped) - self.refunded


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """An effect to ask for; `final` when no capture can follow it, `renews` when it replaces what is held."""

    step: MoneyStep
    amount: int
    final: bool = False
    renews: bool = False


def next_move(position: MoneyPosition) -> MoneyMove | None:
    """Return the next effect on money that the order calls for, or None when the books are in line.

    Asked again after each effect it converges: let go what nobody waits for and what was renewed, authorize
    what is live, capture what left, void the rest, give back what is due.
    """
    let_go = position.abandoned or position.superseded
    if let_go > 0:
        return MoneyMove(MoneyStep.VOID, let_go)
    return _authorize(position) or _draw(position) or _refund(position)


def _authorize(position: MoneyPosition) -> MoneyMove | None:
    """All of it at first, what lacks when more is owed than is held, and all of it anew before that ends."""
    lacking = position.owed - position.captured
    if position.refused or position.postponed or lacking <= 0:
        return None
    if position.remaining and position.renew and (position.held or not position.shipping_over):
        return MoneyMove(MoneyStep.AUTHORIZE, lacking, renews=True)
    if lacking > position.remaining:
        return MoneyMove(MoneyStep.AUTHORIZE, lacking - position.remaining)
    return None


def _draw(position: MoneyPosition) -> MoneyMove | None:
    drawn = min(position.uncaptured, position.remaining)
    if drawn > 0:
        return None if position.held else _capture(position, drawn)
    if position.shipping_over and position.remaining > 0:
        return MoneyMove(MoneyStep.VOID, position.remaining)
    return None


def _capture(position: MoneyPosition, amount: int) -> MoneyMove | None:
    if position.single_capture is None:
        final = position.shipping_over and amount == position.remaining
        return MoneyMove(MoneyStep.CAPTURE, amount, final=final)
    if position.single_capture is SingleCapture.AT_LAST_SHIPMENT and not position.shipping_over:
        return None
    return MoneyMove(MoneyStep.CAPTURE, amount, final=True)


def _refund(position: MoneyPosition) -> MoneyMove | None:
    if position.unrefunded > 0:
        return MoneyMove(MoneyStep.REFUND, position.unrefunded)
    return None


def status_after(position: MoneyPosition) -> PaymentStatus:
    """Where the money is once some of it was captured, given back or let go."""
    if position.refunded:
        over = position.refunded == position.captured and position.shipping_over
        return PaymentStatus.REFUNDED if over else PaymentStatus.PARTIALLY_REFUNDED
    if position.captured == 0:
        return PaymentStatus.VOIDED if position.remaining == 0 else PaymentStatus.AUTHORIZED
    if position.captured + position.written_off >= position.live:
        return PaymentStatus.CAPTURED
    return PaymentStatus.PARTIALLY_CAPTURED
