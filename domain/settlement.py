"""The one decision on money: which effect, if any, brings the provider's books in line with the order."""

from dataclasses import dataclass

from domain.payment import MoneyStep
from domain.payment_status import PaymentStatus


@dataclass(frozen=True, slots=True)
class MoneyPosition:
    """An order's money at one moment, in minor units.

    `live`: what the units that were not cancelled cost, shipping included while there is any.
    `due`: what the units that left cost, shipping included from the first of them on.
    `authorized`: all authorizations, less what expired uncaptured; `superseded` is what is still set aside
    by those that a newer one took the place of. `written_off`: what nobody pursues any more.
    `refused`: a decline ended the attempt to pay. `shipping_over`: no unit is left that may still ship.
    `held`: a hold keeps money from being captured. `renew`: the authorization ends soon.
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
        return min(self.refund_due, self.captured) - self.refunded


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """An effect to ask for; `final` when no capture can follow it."""

    step: MoneyStep
    amount: int
    final: bool = False


def next_move(position: MoneyPosition) -> MoneyMove | None:
    """Return the next effect on money that the order calls for, or None when the books are in line.

    Asked again after each effect it converges: let go what was renewed, authorize what is live, capture what
    left, void the rest, give back what is due.
    """
    if position.superseded > 0:
        return MoneyMove(MoneyStep.VOID, position.superseded)
    return _authorize(position) or _draw(position) or _refund(position)


def _authorize(position: MoneyPosition) -> MoneyMove | None:
    lacking = position.owed - position.captured
    if position.refused or lacking <= 0:
        return None
    if position.remaining == 0 or (position.renew and (position.held or not position.shipping_over)):
        return MoneyMove(MoneyStep.AUTHORIZE, lacking)
    return None


def _draw(position: MoneyPosition) -> MoneyMove | None:
    drawn = min(position.uncaptured, position.remaining)
    if drawn > 0:
        final = position.shipping_over and drawn == position.remaining
        return None if position.held else MoneyMove(MoneyStep.CAPTURE, drawn, final=final)
    if position.shipping_over and position.remaining > 0:
        return MoneyMove(MoneyStep.VOID, position.remaining)
    return None


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
