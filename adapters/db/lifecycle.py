"""What time does to an order: deadlines that pass, and its close."""

from datetime import datetime

from sqlalchemy import delete, update

from adapters.db.locked_order import LockedOrder
from adapters.db.payments import park
from adapters.db.postal import place
from adapters.db.tables import backorders, payment_intents
from domain.errors import IllegalTransition
from domain.payment_status import PaymentStatus
from domain.quantities import Bucket

ADDRESS_UNPLACEABLE = "address_unplaceable"


async def pass_deadlines(order: LockedOrder, now: datetime) -> None:
    """Apply every deadline that has passed at `now`, which is the process's time, not the database's."""
    for work in order.open_works():
        if work.overdue_at is None and work.ship_by <= now:
            work.set(overdue_at=now)
            order.record("fulfillment.overdue", fulfillment_id=work.id, location_id=work.location_id)
    if order.retry_at is not None and order.retry_at <= now:
        await _route_again(order, now)


async def _route_again(order: LockedOrder, now: datetime) -> None:
    """Capacity is there again: units that waited for it are pending once more."""
    due = await order.connection.execute(
        delete(backorders)
        .where(backorders.c.order_id == order.id, backorders.c.retry_at <= now)
        .returning(backorders.c.line_id, backorders.c.quantity)
    )
    for row in due:
        order.move(row.line_id, Bucket.BACKORDERED, Bucket.PENDING, row.quantity)
    await order.reload_retry()


async def close(order: LockedOrder) -> None:
    """Close an order that has nothing left to ship, to arrive or to pay; any other stays as it is."""
    progress = order.progress()
    busy = progress.unshipped or progress.in_transit or progress.money_due or progress.attention
    if order.closed or busy:
        return
    if order.payment_status is PaymentStatus.PENDING:  # declined softly, then cancelled
        order.pay(PaymentStatus.VOIDED)
    order.set(closed_at=order.now)
    order.record("order.closed")


async def place_address(order: LockedOrder) -> bool:
    """Look an address up once more that could not be placed; parks the order when it still cannot."""
    ship_to = order.values["ship_to"]
    found = await place(order.connection, ship_to["country"], ship_to["postal_code"])
    if found is None:
        park(order, ADDRESS_UNPLACEABLE)
        return False
    order.set(lat=found[0], lng=found[1])
    return True


async def resume(order: LockedOrder, *, reason: str) -> None:
    """Go on after a person has looked: the step that stopped is tried again."""
    stopped = order.values["attention"]
    if stopped is None:
        raise IllegalTransition("the order does not wait for anybody's attention")
    order.set(attention=None)
    order.record("order.resumed", stopped=stopped, reason=reason)
    if order.payment_status is PaymentStatus.REVIEW:
        order.pay(PaymentStatus.AUTHORIZED)
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.order_id == order.id, payment_intents.c.status == "open")
        .values(attempts=0)
    )
