"""The one decision on money: which effect, if any, brings the provider's books in line with the order."""

from dataclasses import dataclass

from domain.payment import MoneyStep


@dataclass(frozen=True, slots=True)
class MoneyPosition:
    """An order's money at one moment, in minor units.

    `live`: what the units that were not cancelled cost, shipping included while there is any.
    `due`: what the units that left cost, shipping included from the first of them on.
    `authorized`: all authorizations, less what expired uncaptured.
    `refused`: a decline ended the attempt to pay. `shipping_over`: no unit is left that may still ship.
    """

    live: int
    due: int
    authorized: int
    captured: int
    voided: int
    refused: bool
    shipping_over: bool

    @property
    def remaining(self) -> int:
        """What can still be captured."""
        return self.authorized - self.captured - self.voided


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """An effect to ask for; `final` when no capture can follow it."""

    step: MoneyStep
    amount: int
    final: bool = False


def next_move(position: MoneyPosition) -> MoneyMove | None:
    """Return the next effect on money that the order calls for, or None when the books are in line.

    Asked again after each effect it converges: authorize what is live, capture what left, void the rest.
    """
    owed = position.live if not position.shipping_over else position.due
    if position.remaining == 0:
        lacking = owed - position.captured
        if lacking > 0 and not position.refused:
            return MoneyMove(MoneyStep.AUTHORIZE, lacking)
        return None
    uncaptured = min(position.due - position.captured, position.remaining)
    if uncaptured > 0:
        final = position.shipping_over and uncaptured == position.remaining
        return MoneyMove(MoneyStep.CAPTURE, uncaptured, final=final)
    if position.shipping_over and position.remaining > 0:
        return MoneyMove(MoneyStep.VOID, position.remaining)
    return None
