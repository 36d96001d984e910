"""Noes: soft declines that are tried again, a grace for another means of payment, authorizations that end."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from adapters.db.attention import PAYMENT_UNAVAILABLE, clear, park
from adapters.db.authorizations import end_at_provider, forgo_renewal
from adapters.db.cancellation import cancel
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.payment_waits import abandon, open_row
from adapters.db.securing import need_no_more
from domain.errors import StateConflict
from domain.payment import Advice, Declined
from domain.payment_status import PaymentStatus
from domain.settlement import status_after

AUTHORIZATION_EXPIRED: Final = "authorization_expired"

_BRINGS: Final = {
    PaymentStatus.PENDING,
    PaymentStatus.ACTION_REQUIRED,
    PaymentStatus.EXPIRED,
    PaymentStatus.DECLINED,
}
_GRACED: Final = {PaymentStatus.DECLINED, PaymentStatus.ACTION_REQUIRED}


async def not_authorized(order: LockedOrder, row: Row[Any], answer: Declined, policy: PaymentPolicy) -> None:
    """An authorization was declined: try again, wait for another means of payment, or ask a person."""
    order.set(declines=order.values["declines"] + 1)
    position = order.money
    renewal = row.renews and position.remaining
    retry_at = None if renewal else _next_try(order, answer, policy)
    _tell(order, row, answer, retry_at)
    if renewal:
        await renewal_declined(order, answer.code)
    elif retry_at is not None:
        order.set(payment_retry_at=retry_at)
        _not_confirmed(order)
    elif position.uncaptured > position.remaining:
        park(order, "authorization_declined", code=answer.code)
        _not_confirmed(order)
    elif not need_no_more(order):
        order.pay(PaymentStatus.DECLINED)
        await _grant_grace(order, policy, answer.code)


async def renewal_declined(order: LockedOrder, code: str) -> None:
    """What is set aside still holds, until its end."""
    await forgo_renewal(order)
    order.record("payment.renewal_declined", code=code)


def _next_try(order: LockedOrder, answer: Declined, policy: PaymentPolicy) -> datetime | None:
    """When the same means of payment is tried again: by the provider's advice, and by schedule."""
    tries = order.values["declines"]
    hopeless = answer.hard if answer.advice is None else answer.advice is not Advice.TRY_LATER
    return None if hopeless or tries > len(policy.retries) else order.now + policy.retries[tries - 1]


def _tell(order: LockedOrder, row: Row[Any], answer: Declined, retry_at: datetime | None) -> None:
    advice = {"advice": answer.advice.value} if answer.advice is not None else {}
    again = {"tried_again_at": retry_at.isoformat()} if retry_at is not None else {}
    order.record("payment.authorize_declined", code=answer.code, key=row.key, **advice, **again)


def _not_confirmed(order: LockedOrder) -> None:
    """The customer has nothing to confirm any more."""
    if order.payment_status is PaymentStatus.ACTION_REQUIRED:
        order.set(payment_due_by=None)
        order.pay(PaymentStatus.PENDING)


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
    """Nobody confirmed, or brought another means of payment, in time: what has not shipped is cancelled."""
    due_by = order.values["payment_due_by"]
    if order.payment_status not in _GRACED or due_by is None or due_by > order.now:
        return
    order.set(payment_due_by=None)
    reason = "payment_declined"
    if order.payment_status is PaymentStatus.ACTION_REQUIRED:
        reason = "payment_not_confirmed"
        await _give_up_on_customer(order)
    if order.units.unshipped:
        await cancel(order, None, reason=reason)


async def give_up(order: LockedOrder, waiting: Row[Any]) -> None:
    """An authorization that the provider does not take is not asked for again.

    What left without being paid for parks the order. Does not save the order.
    """
    await abandon(order, waiting)
    position = order.money
    if position.uncaptured > position.remaining:
        _not_confirmed(order)
        park(order, "authorization_declined", code="given_up")
    else:
        order.pay(status_after(position))


async def _give_up_on_customer(order: LockedOrder) -> None:
    waiting = await open_row(order)
    if waiting is not None:
        await abandon(order, waiting)
    if order.money.uncaptured:
        _not_confirmed(order)
        park(order, "authorization_declined", code="not_confirmed")
    else:
        order.pay(PaymentStatus.DECLINED)


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
    waits_for_customer = order.values["payment_action"] is not None
    about_to = order.payment_status is PaymentStatus.PENDING and order.values["payment_retry_at"] is None
    if about_to or (order.values["open_intent"] is not None and not waits_for_customer):
        raise StateConflict("a payment is being tried at this moment: repeat this later")
    waiting = await open_row(order) if waits_for_customer else None
    if waiting is not None:
        await abandon(order, waiting)
    order.set(payment_token=token, payment_retry_at=None, payment_due_by=None, declines=0)
    order.record("payment.brought")
    if order.values["attention"] == "authorization_declined":
        clear(order)
    order.pay(PaymentStatus.PENDING)


async def authorization_gone(order: LockedOrder, held: Row[Any], code: str) -> None:
    """What an authorization still held cannot be captured any more; what is owed needs a new one."""
    replaced = held.status == "superseded"
    await end_at_provider(order, held)
    if replaced:
        return
    order.record("payment.authorization_expired", code=code, amount=held.held, key=held.key)
    position = order.money
    if not position.remaining:
        settled = position.captured > 0 and position.owed <= position.captured
        order.pay(status_after(position) if settled else PaymentStatus.EXPIRED)
