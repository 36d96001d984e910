"""What carriers say, written down as it comes and read in the order in which it happened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.locked_order import LockedOrder, lock_order
from adapters.db.parcels import end_parcel
from adapters.db.tables import carrier_inbox, parcels, tracking_events
from domain.parcel_fate import ParcelFate
from domain.tracking import Scan, Tracking, TrackingFlag, TrackingStatus, reduce_scans


@dataclass(frozen=True, slots=True)
class CarrierMessage:
    """One authentic message of a carrier; `dedupe_key` is its event id, else a digest of the body."""

    carrier: str
    dedupe_key: str
    body: bytes


async def take_in(
    connection: AsyncConnection, message: CarrierMessage, *, error: str | None, now: datetime
) -> bool:
    """Keep a message, quarantined when it has an error; returns False for one that was taken in before."""
    row = upsert(carrier_inbox).values(
        carrier=message.carrier,
        dedupe_key=message.dedupe_key,
        body=message.body,
        state="read" if error is None else "quarantined",
        error=error,
        received_at=now,
    )
    kept = await connection.execute(
        row.on_conflict_do_nothing(index_elements=["carrier", "dedupe_key"]).returning(carrier_inbox.c.id)
    )
    return kept.first() is not None


async def record_scan(
    connection: AsyncConnection, carrier: str, tracking_number: str, scan: Scan, now: datetime
) -> None:
    """Write a scan and bring the parcels of its number up to date; a number nobody knows yet is kept."""
    await lock_numbers(connection, [tracking_number])
    row = upsert(tracking_events).values(
        carrier=carrier,
        tracking_number=tracking_number,
        status=scan.status.value,
        occurred_at=scan.occurred_at,
        place=scan.place,
        description=scan.description,
        received_at=now,
    )
    kept = await connection.execute(row.on_conflict_do_nothing().returning(tracking_events.c.id))
    if kept.first() is None:
        return
    owners = await connection.execute(
        select(parcels.c.order_id).where(parcels.c.tracking_number == tracking_number).distinct()
    )
    for order_id in sorted(owners.scalars()):
        order = await lock_order(connection, order_id, actor=f"carrier:{carrier}", now=now)
        if await catch_up(order, tracking_number):
            await order.save()


async def lock_numbers(connection: AsyncConnection, tracking_numbers: Collection[str]) -> None:
    """Let a scan and the shipment of its number go one after the other, whichever comes first.

    Without it both could miss what the other has not committed yet. Taken before any order is locked.
    """
    for number in sorted(set(tracking_numbers)):
        await connection.execute(_LOCK_NUMBER, {"number": number})


_LOCK_NUMBER = text("SELECT pg_advisory_xact_lock(hashtextextended(:number, 0))")


async def catch_up(order: LockedOrder, tracking_number: str) -> bool:
    """Bring an order's parcels of a number in line with all scans of it; returns whether anything changed."""
    scans = await _scans(order.connection, tracking_number)
    if not scans:
        return False
    tracking = reduce_scans(scans)
    rows = await order.connection.execute(
        select(parcels).where(parcels.c.order_id == order.id, parcels.c.tracking_number == tracking_number)
    )
    changes = [await _apply(order, parcel, tracking) for parcel in rows.all()]
    return any(changes)


async def _scans(connection: AsyncConnection, tracking_number: str) -> list[Scan]:
    rows = await connection.execute(
        select(tracking_events).where(tracking_events.c.tracking_number == tracking_number)
    )
    return [Scan(row.occurred_at, tracking_word(row.status), row.place, row.description) for row in rows]


def tracking_word(word: str) -> TrackingStatus | TrackingFlag:
    """Our word for a scan; ValueError for one that is none of ours."""
    if word in set(TrackingFlag):
        return TrackingFlag(word)
    return TrackingStatus(word)


_FATES: Final = {
    TrackingStatus.DELIVERED: ParcelFate.DELIVERED,
    TrackingStatus.RETURNED_TO_SENDER: ParcelFate.RETURNED,
    TrackingStatus.FAILED: ParcelFate.LOST,
}
"""The words of carriers that end a parcel's way; what a carrier gave up is lost until it turns up."""


async def _apply(order: LockedOrder, parcel: Row[Any], tracking: Tracking) -> bool:
    before = (parcel.tracking_status, parcel.delayed, parcel.exception)
    if before == (tracking.status.value, tracking.delayed, tracking.exception):
        return False
    await order.connection.execute(
        update(parcels)
        .where(parcels.c.id == parcel.id)
        .values(
            tracking_status=tracking.status.value,
            delayed=tracking.delayed,
            exception=tracking.exception,
        )
    )
    order.record(
        "parcel.tracked",
        parcel_id=parcel.id,
        fulfillment_id=parcel.fulfillment_id,
        tracking_number=parcel.tracking_number,
        status=tracking.status.value,
        delayed=tracking.delayed,
        exception=tracking.exception,
        occurred_at=tracking.at.isoformat() if tracking.at else None,
    )
    fate = _FATES.get(tracking.status)
    if fate is not None:
        await end_parcel(order, parcel, fate, at=tracking.at or order.now, cause=tracking.status.value)
    return True
