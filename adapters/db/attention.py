"""Parked orders: what stopped waits for a person, who has it tried again, skipped or cancelled."""

from typing import Any, Final

from sqlalchemy import update

from adapters.db.locked_order import LockedOrder
from adapters.db.tables import payment_intents
from domain.errors import IllegalTransition

TOO_MANY_FAILURES: Final = "too_many_failures"
"""So many locations rejected, short-picked or ignored the order that a person is asked."""

NO_LOCATION_LEFT: Final = "no_location_left"
"""Every location that could serve the order has failed it."""

PAYMENT_UNAVAILABLE: Final = "payment_unavailable"
"""The provider gave no answer; whether the effect happened is unknown."""

REFUND_FAILED: Final = "refund_failed"
"""A refund had gone, and its money came back."""

ADDRESS_UNPLACEABLE: Final = "address_unplaceable"

PICKUP_LOCATION_GONE: Final = "pickup_location_gone"
"""The location where the customer wanted to come is not open any more."""

UNDELIVERED_AFTER_CLOSE: Final = "undelivered_after_close"
"""What a closed order's customer had came back with its carrier: is it paid back?"""

ENDED_BY_CANCEL: Final = {ADDRESS_UNPLACEABLE, PICKUP_LOCATION_GONE, TOO_MANY_FAILURES, NO_LOCATION_LEFT}
"""Questions to a person that an order without units to ship no longer asks."""


def park(order: LockedOrder, reason: str, **details: Any) -> None:
    """Stop here until a person has looked."""
    order.set(attention=reason, attention_since=order.now)
    order.record("order.needs_attention", reason=reason, **details)


def clear(order: LockedOrder) -> None:
    """Nobody has to look any more."""
    order.set(attention=None, attention_since=None)


async def resume(order: LockedOrder, *, action: str, reason: str) -> None:
    """Go on after a person has looked: the step that stopped is tried again.

    Locations that failed the order may be asked once more. Raises IllegalTransition when nothing stopped.
    """
    cause = stopped(order)
    clear(order)
    order.record("order.resumed", stopped=cause, action=action, reason=reason)
    if cause in {TOO_MANY_FAILURES, NO_LOCATION_LEFT}:
        order.set(forgiven=max((work.number for work in order.works.values()), default=0))
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.order_id == order.id, payment_intents.c.status.in_(("open", "abandoned")))
        .values(attempts=0)
    )


def hear_answer(order: LockedOrder) -> None:
    """The provider has answered after all: nobody has to find out any more what became of the effect."""
    if order.values["attention"] == PAYMENT_UNAVAILABLE:
        clear(order)
        order.record("order.resumed", stopped=PAYMENT_UNAVAILABLE, action="answered", reason="told since")


def stopped(order: LockedOrder) -> str:
    """What an order stopped for; raises IllegalTransition when it did not."""
    reason = order.values["attention"]
    if reason is None:
        raise IllegalTransition("the order does not wait for anybody's attention")
    return str(reason)
