"""Where parcels end: delivered, lost, or back at the sender; what follows for units, work and money."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, select, update

from adapters.db.claims import ask_about
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work
from adapters.db.refunds import Owed, left_to_give_back, owe_refund
from adapters.db.returns import await_sender_return, overtake_returns
from adapters.db.tables import parcel_lines, parcels, tracking_events
from domain.fulfillment_status import ON_ITS_WAY
from domain.fulfillment_status import FulfillmentStatus as Status
from domain.parcel_fate import ParcelFate, follows
from domain.quantities import Bucket
from domain.refund_policy import Adjustment, AdjustmentKind, RefundKind, limited

_BUCKET: Final = {
    None: Bucket.SHIPPED,
    ParcelFate.DELIVERED: Bucket.DELIVERED,
    ParcelFate.LOST: Bucket.LOST,
    ParcelFate.RETURNED: Bucket.RETURNED,
}
_ENDS: Final = {
    ParcelFate.DELIVERED: Status.DELIVERED,
    ParcelFate.RETURNED: Status.RETURNED,
    ParcelFate.LOST: Status.LOST,
}


async def end_parcel(
    order: LockedOrder, parcel: Row[Any], fate: ParcelFate, *, at: datetime, cause: str
) -> bool:
    """Settle where a parcel ended; returns False where that cannot follow what is known of it.

    Units that the customer will not get are paid back, once. Does not save the order.
    """
    before = ParcelFate(parcel.fate) if parcel.fate is not None else None
    if not follows(before, fate):
        return False
    delivered_at = at if fate is ParcelFate.DELIVERED else parcel.delivered_at
    await order.connection.execute(
        update(parcels).where(parcels.c.id == parcel.id).values(fate=fate.value, delivered_at=delivered_at)
    )
    moved = await _move_units(order, parcel, _BUCKET[before], _BUCKET[fate])
    order.record(
        f"parcel.{fate}",
        parcel_id=parcel.id,
        fulfillment_id=parcel.fulfillment_id,
        tracking_number=parcel.tracking_number,
        cause=cause,
        lines=[{"line_id": line_id, "quantity": units} for line_id, units in moved.items()],
    )
    if fate is ParcelFate.RETURNED:
        await overtake_returns(order)
        await await_sender_return(order, moved, cause=cause)
    if fate is not ParcelFate.DELIVERED and before is not ParcelFate.LOST:
        await _pay_back(order, parcel.id, moved, cause)
    await end_work(order, order.works[parcel.fulfillment_id])
    return True


async def _move_units(order: LockedOrder, parcel: Row[Any], source: Bucket, target: Bucket) -> dict[str, int]:
    content = await order.connection.execute(
        select(parcel_lines).where(parcel_lines.c.parcel_id == parcel.id).order_by(parcel_lines.c.line_id)
    )
    moved: dict[str, int] = {}
    for line in content:
        # Of what was delivered, the customer may have sent some back already.
        units = min(line.quantity, order.lines[line.line_id].quantities[source])
        if units:
            order.move(line.line_id, source, target, units)
            moved[line.line_id] = units
    return moved


async def _pay_back(order: LockedOrder, parcel_id: str, moved: dict[str, int], cause: str) -> None:
    """The customer gets back what these units cost; the shipping too when nothing ever arrived."""
    if order.closed:
        await ask_about(order, parcel_id, moved, cause)
        return
    worth = sum(order.refund_units(line_id, units) for line_id, units in moved.items())
    await _owe(order, worth, cause)


async def pay_back_shipping(order: LockedOrder) -> None:
    """Owe the shipping, once, when units left, none arrived, and the last that could have are cancelled.

    Does not save the order.
    """
    await _owe(order, 0, "nothing_arrived")


async def _owe(order: LockedOrder, worth: int, cause: str) -> None:
    shipping = Adjustment(AdjustmentKind.SHIPPING, _shipping_for_nothing(order), "nothing arrived")
    amount, adjustments = limited(worth, [shipping], await left_to_give_back(order))
    owed = Owed(RefundKind.UNDELIVERED, cause, amount=amount, adjustments=tuple(adjustments))
    await owe_refund(order, owed)


def _shipping_for_nothing(order: LockedOrder) -> int:
    """The shipping that is to be paid back now; from here on it is."""
    total = order.units
    over = total.left > 0 and total.unshipped + total.shipped + total.delivered == 0
    if not over or order.values["delivered_at"] or order.values["shipping_refunded"]:
        return 0
    shipping: int = order.values["shipping_charged"]
    order.set(shipping_refunded=shipping)
    return shipping


async def end_work(order: LockedOrder, work: Work) -> None:
    """End work that has nothing left to ship and whose parcels have all ended.

    It is partly delivered as soon as one of them has arrived.
    """
    if work.open or not work.shipments:
        return
    rows = await order.connection.execute(
        select(parcels.c.fate, parcels.c.delivered_at).where(parcels.c.fulfillment_id == work.id)
    )
    ends = rows.all()
    fates = {row.fate for row in ends}
    if None in fates:
        if ParcelFate.DELIVERED in fates and work.status is Status.SHIPPED:
            work.step(Status.PARTIALLY_DELIVERED)
        return
    target = next(status for fate, status in _ENDS.items() if fate in fates)
    if work.status is target:
        return
    work.step(target)
    work.set(delivered_at=max((row.delivered_at for row in ends if row.delivered_at), default=None))
    order.record(f"fulfillment.{target}", fulfillment_id=work.id, location_id=work.location_id)


async def lose_silent_parcels(order: LockedOrder, work: Work, *, lost_after: timedelta) -> None:
    """Count parcels as lost of which nothing was heard for too long; look again when the next may be."""
    heard = (
        select(func.max(tracking_events.c.received_at))
        .where(tracking_events.c.tracking_number == parcels.c.tracking_number)
        .scalar_subquery()
    )
    rows = await order.connection.execute(
        select(parcels, func.greatest(parcels.c.created_at, heard).label("heard_at"))
        .where(parcels.c.fulfillment_id == work.id, parcels.c.fate.is_(None))
        .order_by(parcels.c.number)
    )
    next_looks = []
    for parcel in rows.all():
        silent_at = parcel.heard_at + lost_after
        if silent_at <= order.now:
            await end_parcel(order, parcel, ParcelFate.LOST, at=order.now, cause="silence")
        else:
            next_looks.append(silent_at)
    if work.status in ON_ITS_WAY:
        work.set(silent_at=min(next_looks, default=None))
