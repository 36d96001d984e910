"""Noes: soft declines that are tried again, a grace for another means of payment, authorizations that end."""

from typing import Final

from adapters.db.attention import PAYMENT_UNAVAILABLE, clear, park
from adapters.db.cancellation import cancel
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_intents import PaymentPolicy, close_authorization
from domain.errors import StateConflict
from domain.payment import Declined
from domain.payment_status import PaymentStatus
from domain.settlement import status_after

AUTHORIZATION_EXPIRED: Final = "authorization_expired"

_BRINGS: Final = {
    PaymentStatus.PENDING,
    PaymentStatus.ACTION_REQUIRED,
    PaymentStatus.EXPIRED,
    PaymentStatus.DECLINED,
}


async def not_authorized(order: LockedOrder, answer: Declined, policy: PaymentPolicy) -> None:
    """An authorization was declined: try again, wait for another means of payment, or ask a person."""
    declines = order.values["declines"] + 1
    order.set(declines=declines)
    if order.money.remaining:  # a renewal: what is set aside still holds
        order.set(renew_at=None)
        order.record("payment.renewal_declined", code=answer.code)
    elif not answer.hard and declines < policy.soft_declines:
        order.set(payment_retry_at=order.now + policy.retry_after)
    elif order.money.uncaptured:
        park(order, "authorization_declined", code=answer.code)
    else:
        order.pay(PaymentStatus.DECLINED)
        await _grant_grace(order, policy, answer.code)


async def _grant_grace(order: LockedOrder, policy: PaymentPolicy, code: str) -> None:
    if not order.units.unshipped:
        return
    due_by = order.now + policy.grace
    order.set(payment_due_by=due_by)
    if policy.grace:
        order.record("payment.another_needed", code=code, due_by=due_by.isoformat())
    else:
        await end_grace(order)


async def end_grace(order: LockedOrder) -> None:
    """Nobody brought another means of payment in time: what has not shipped is cancelled."""
    due_by = order.values["payment_due_by"]
    if order.payment_status is PaymentStatus.DECLINED and due_by is not None and due_by <= order.now:
        order.set(payment_due_by=None)
        if order.units.unshipped:
            await cancel(order, None, reason="payment_declined")


async def bring_payment(order: LockedOrder, token: str) -> None:
    """The customer brings another means of payment. Raises StateConflict when none is needed.

    Does not save the order.
    """
    if not order.units.live:
        raise StateConflict("the order is cancelled: nothing is to be paid")
    waits = order.payment_status in _BRINGS or order.values["attention"] == "authorization_declined"
    if order.closed or not waits or order.money.owed <= order.values["captured"]:
        raise StateConflict(f"no other payment is asked for: payment_status is {order.payment_status}")
    if order.values["attention"] == PAYMENT_UNAVAILABLE:
        raise StateConflict("the provider did not answer, and a person has to look first")
    about_to = order.payment_status is PaymentStatus.PENDING and order.values["payment_retry_at"] is None
    if about_to or order.values["open_intent"] is not None:
        raise StateConflict("a payment is being tried at this moment: repeat this later")
    order.set(payment_token=token, payment_retry_at=None, payment_due_by=None, declines=0)
    order.record("payment.brought")
    if order.values["attention"] == "authorization_declined":
        clear(order)
    order.pay(PaymentStatus.PENDING)


async def authorization_gone(order: LockedOrder, code: str) -> None:
    """What was not captured of an authorization cannot be any more; what is owed needs a new one."""
    if order.values["superseded"]:
        order.set(authorized=order.values["authorized"] - order.values["superseded"], superseded=0)
        await close_authorization(order, "expired", of="superseded")
        return
    order.set(authorized=order.values["authorized"] - order.money.remaining)
    order.set(authorization_ends_at=None, renew_at=None)
    await close_authorization(order, "expired")
    order.record("payment.authorization_expired", code=code)
    position = order.money
    settled = position.captured > 0 and position.owed <= position.captured
    order.pay(status_after(position) if settled else PaymentStatus.EXPIRED)
