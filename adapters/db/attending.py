"""What a person decides on an order that stopped: try again, leave it, or cancel what has not shipped."""

from adapters.db.attention import UNDELIVERED_AFTER_CLOSE, resume
from adapters.db.cancellation import cancel
from adapters.db.claims import answer_claims, ask_again
from adapters.db.locked_order import LockedOrder
from adapters.db.skipping import skip


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
        await resume(order, action=action, reason=reason)
        if action == "cancel":
            await cancel(order, None, reason=reason)
    await ask_again(order)
