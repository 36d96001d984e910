"""Deadlines: what time does to an order, applied from its rows when one has passed."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from adapters.db.authorizations import holding
from adapters.db.cool_offs import rest
from adapters.db.declines import AUTHORIZATION_EXPIRED, authorization_gone, end_grace
from adapters.db.holding import expire_holds
from adapters.db.location_steps import expire_offer
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work
from adapters.db.parcels import lose_silent_parcels
from adapters.db.postponing import look_at_supply
from adapters.db.risk import end_unanswered_review
from adapters.db.tables import backorders
from domain.fulfillment_status import ON_ITS_WAY, FulfillmentStatus
from domain.quantities import Bucket
from domain.risk import UnansweredReview


async def pass_deadlines(
    order: LockedOrder,
    *,
    lost_after: timedelta,
    unanswered: UnansweredReview,
    cool_off: timedelta = timedelta(0),
) -> None:
    """Apply every deadline that has passed by the order's time.

    `lost_after`: how long carriers may be silent about a parcel before it counts as lost. `unanswered`: what
    becomes of a payment that nobody reviewed in time. `cool_off`: how long who did not answer rests.
    """
    await expire_holds(order)
    await end_unanswered_review(order, unanswered)
    await end_grace(order)
    await _end_authorizations(order)
    if _past(order, order.values["authorize_at"]):
        await look_at_supply(order)
    silent = [work.location_id for work in order.works.values() if _unanswered(order, work)]
    for work in list(order.works.values()):
        await _pass_of_work(order, work, lost_after)
    if _past(order, order.retry_at):
        await _route_again(order)
    await rest(order.connection, silent, now=order.now, cool_off=cool_off)


async def _pass_of_work(order: LockedOrder, work: Work, lost_after: timedelta) -> None:
    if _unanswered(order, work):
        await expire_offer(order, work)
    held = order.release_held or work.status is FulfillmentStatus.PLANNED
    if work.open and not held and work.overdue_at is None and _past(order, work.ship_by):
        work.set(overdue_at=order.now)
        order.record("fulfillment.overdue", fulfillment_id=work.id, location_id=work.location_id)
    if work.status in ON_ITS_WAY and _past(order, work.silent_at):
        await lose_silent_parcels(order, work, lost_after=lost_after)


def _unanswered(order: LockedOrder, work: Work) -> bool:
    return work.status is FulfillmentStatus.OPEN and _past(order, work.accept_by)


def _past(order: LockedOrder, deadline: datetime | None) -> bool:
    return deadline is not None and deadline <= order.now


async def _end_authorizations(order: LockedOrder) -> None:
    """What the provider no longer holds cannot be counted on; a renewal that is under way says so itself."""
    if not _past(order, order.values["authorization_ends_at"]) or order.values["open_intent"] is not None:
        return
    for held in await holding(order):
        if _past(order, held.expires_at):
            await authorization_gone(order, held, AUTHORIZATION_EXPIRED)


async def _route_again(order: LockedOrder) -> None:
    """Capacity is there again: units that waited for it are pending once more."""
    due = await order.connection.execute(
        delete(backorders)
        .where(backorders.c.order_id == order.id, backorders.c.retry_at <= order.now)
        .returning(backorders.c.line_id, backorders.c.quantity)
    )
    for row in due:
        order.move(row.line_id, Bucket.BACKORDERED, Bucket.PENDING, row.quantity)
    await order.reload_retry()
