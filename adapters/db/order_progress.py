"""What an order's rows amount to: its money, its status, and what its process has to know."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from domain.fulfillment_status import ON_ITS_WAY, FulfillmentStatus
from domain.holds import HeldStep
from domain.order_status import Axes, status_of
from domain.payment_status import PaymentStatus
from domain.pricing import to_pay, value_of_left
from domain.progress import OrderProgress
from domain.settlement import MoneyPosition, SingleCapture, next_move

if TYPE_CHECKING:
    from adapters.db.locked_order import LockedOrder

_UNSECURED = {
    PaymentStatus.NONE,
    PaymentStatus.PENDING,
    PaymentStatus.ACTION_REQUIRED,
    PaymentStatus.DECLINED,
    PaymentStatus.EXPIRED,
}
_GRACED = {PaymentStatus.DECLINED, PaymentStatus.ACTION_REQUIRED}
"""The customer has a time in which to pay, or to confirm."""


def money_of(order: "LockedOrder") -> MoneyPosition:
    """What an order's money stands at."""
    lines = order.lines.values()
    total = order.units
    row = order.values
    shipping = row["shipping_charged"]
    return MoneyPosition(
        live=to_pay(
            ((one.amount, one.quantities.ordered, one.quantities.live) for one in lines), shipping=shipping
        ),
        due=sum(value_of_left(one.amount, one.quantities) for one in lines) + (shipping if total.left else 0),
        authorized=row["authorized"],
        captured=row["captured"],
        voided=row["voided"],
        refused=order.payment_status is PaymentStatus.DECLINED,
        shipping_over=total.unshipped == 0,
        superseded=row["superseded"],
        refund_due=row["refund_due"],
        refunded=row["refunded"],
        written_off=row["written_off"],
        held=order.held(HeldStep.CAPTURE),
        renew=row["renew_at"] is not None and row["renew_at"] <= order.now,
        abandoned=row["abandoned"],
        single_capture=SingleCapture(row["single_capture"]) if row["single_capture"] else None,
        store_credit=row["store_credit"],
        postponed=postponed(order),
        refunds_skipped=row["refunds_skipped"],
    )


def postponed(order: "LockedOrder") -> bool:
    """Whether money is set aside only once supply is near: until then there is nothing to pay."""
    return order.values["authorize_within"] is not None


def unpaid(order: "LockedOrder") -> bool:
    """Whether nothing may leave a location, because nobody has set the money aside."""
    return order.payment_status in _UNSECURED and order.money.owed > order.values["captured"]


def _waits_for_payment(order: "LockedOrder") -> bool:
    """Whether the DOM has to wait for the money. What is postponed takes its place in the queue without."""
    return unpaid(order) and not postponed(order)


def unwanted(order: "LockedOrder") -> bool:
    """Whether the customer need not confirm the payment any more, because nothing is left to pay."""
    return order.values["payment_action"] is not None and order.money.owed <= order.values["captured"]


def payment_retry_at(order: "LockedOrder") -> datetime | None:
    """When money is looked after next: a soft no tried again, or what the provider decided asked for."""
    retry_at: datetime | None = order.values["payment_retry_at"]
    return None if unwanted(order) else retry_at


def status_word(order: "LockedOrder") -> str:
    """The order's status."""
    return status_of(
        Axes(
            units=order.units,
            payment=order.payment_status,
            free=order.money.live == 0,
            held=bool(order.holds),
            attention=order.values["attention"] is not None,
            closed=order.closed,
            postponed=postponed(order),
        )
    ).value


def progress_of(order: "LockedOrder") -> OrderProgress:
    """What the order's process has to know."""
    total = order.units
    money = order.money
    row = order.values
    money_due = row["open_intent"] is not None or next_move(money) is not None
    busy = (
        total.unshipped
        or total.shipped
        or money_due
        or (money.held and money.uncaptured and not money.refused)
        or row["attention"] is not None
        or row["open_returns"]
    )
    return OrderProgress(
        version=row["version"],
        unpaid=_waits_for_payment(order),
        to_route=total.pending if may_route(order) else 0,
        decisions=row["decisions"],
        unshipped=total.unshipped,
        in_transit=total.shipped,
        money_due=money_due,
        busy=bool(busy),
        attention=row["attention"],
        payment_retry_at=payment_retry_at(order),
        deadline=min(_deadlines(order), default=None),
        delivered_at=row["delivered_at"],
        closed=order.closed,
        awaited=row["open_intent"] is not None and row["payment_retry_at"] is not None,
    )


def may_route(order: "LockedOrder") -> bool:
    """Whether the DOM may be asked: not for a person's work, not while something or somebody says wait."""
    return (
        order.values["routing"] == "auto"
        and order.values["attention"] is None
        and not order.held(HeldStep.ROUTING)
        and not _waits_for_payment(order)
    )


def _deadlines(order: "LockedOrder") -> Iterator[datetime]:
    if order.closed:
        return
    row = order.values
    moments = [hold.expires_at for hold in order.holds]
    moments.append(order.retry_at)
    if order.units.unshipped or order.money.uncaptured:
        moments.append(_end_of_authorization(order))
    if order.units.unshipped:
        moments.append(row["authorize_at"])
    if order.payment_status in _GRACED and (order.units.unshipped or row["payment_action"]):
        moments.append(row["payment_due_by"])
    held = order.release_held  # nobody can ship what may not leave
    for work in order.works.values():
        if work.open and not held and work.overdue_at is None:
            moments.append(work.ship_by)
        if work.status is FulfillmentStatus.OPEN:
            moments.append(work.accept_by)
        if work.status in ON_ITS_WAY:
            moments.append(work.silent_at)
    yield from (moment for moment in moments if moment is not None)


def _end_of_authorization(order: "LockedOrder") -> datetime | None:
    """When to renew, or when it ends. What is past is under way: money is due, or an answer is awaited."""
    row = order.values
    renew_at: datetime | None = row["renew_at"]
    if renew_at is not None and renew_at > order.now:
        return renew_at
    ends_at: datetime | None = row["authorization_ends_at"]
    under_way = ends_at is not None and ends_at <= order.now and row["open_intent"] is not None
    return None if under_way else ends_at
