"""What a person decides on an order that stopped: try again, leave it, or cancel what has not shipped."""

from adapters.db.attention import PAYMENT_UNAVAILABLE, UNDELIVERED_AFTER_CLOSE, resume
from adapters.db.cancellation import cancel
from adapters.db.claims import answer_claims, ask_again
from adapters.db.declines import give_up
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_waits import open_row
from adapters.db.skipping import skip
from domain.payment import MoneyStep


async def attend(order: LockedOrder, action: str, *, reason: str) -> None:
    """Go on with an order that stopped, by `retry`, `skip` or `cancel`. Does not save the order.

    Of what did not stay with the customer of a closed order, `retry` is to pay it back and `skip` not to.
    Raises IllegalTransition when nothing stopped, StateConflict for what cannot be done about it.
    """
    if order.values["attention"] == UNDELIVERED_AFTER_CLOSE and action != "cancel":
        await answer_claims(order, pay_back=action == "retry", reason=reason)
    elif action == "skip":
        await skip(order, reason=reason)
    else:
        unanswered = order.values["attention"] == PAYMENT_UNAVAILABLE
        await resume(order, action=action, reason=reason)
        if action == "cancel":
            await _cancel(order, unanswered=unanswered, reason=reason)
    await ask_again(order)


async def _cancel(order: LockedOrder, *, unanswered: bool, reason: str) -> None:
    """Cancel what has not shipped, and give up an authorization that the provider does not answer."""
    waiting = await open_row(order) if unanswered else None
    given_up = waiting if waiting is not None and waiting.step == MoneyStep.AUTHORIZE.value else None
    looks_up = given_up is not None or order.values["abandoned"]
    if order.units.unshipped or not looks_up:
        await cancel(order, None, reason=reason)
    if given_up is not None:
        await give_up(order, given_up)
