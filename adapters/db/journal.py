"""The outbox: what must be told to the outside, in order per order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import outbox

CHANNEL: Final = "outbox"
"""The name that a commit with new outbox rows notifies."""


@dataclass(frozen=True, slots=True)
class Message:
    """An outbox row to be delivered."""

    id: int
    order_id: str
    kind: str
    payload: dict[str, Any]
    attempts: int


async def tell(
    connection: AsyncConnection, order_id: str, kind: str, payload: dict[str, Any], now: datetime
) -> None:
    """Put a message in the outbox; it leaves after this transaction commits."""
    await connection.execute(
        insert(outbox).values(
            order_id=order_id, kind=kind, payload=payload, created_at=now, next_attempt_at=now
        )
    )
    await connection.execute(text(f"NOTIFY {CHANNEL}"))


async def claim(connection: AsyncConnection, *, limit: int, now: datetime) -> Sequence[Message]:
    """Claim the oldest undelivered message of each of up to `limit` orders, for as long as this transaction.

    A message waits for the earlier ones of its order, whoever claimed them. One that was never tried is due,
    whatever time its order has: that may be ahead of the relay's.
    """
    earlier = outbox.alias("earlier")
    rows = await connection.execute(
        select(outbox)
        .where(
            outbox.c.done_at.is_(None),
            or_(outbox.c.attempts == 0, outbox.c.next_attempt_at <= now),
            ~select(earlier.c.id)
            .where(
                earlier.c.done_at.is_(None),
                earlier.c.order_id == outbox.c.order_id,
                earlier.c.id < outbox.c.id,
            )
            .exists(),
        )
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_message(row) for row in rows]


async def delivered(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Mark messages as delivered."""
    await connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(done_at=now, error=None))


async def put_back(
    connection: AsyncConnection, message: Message, *, error: str, now: datetime, longest: timedelta
) -> None:
    """Keep a message for a later attempt: after 0.25 s, then twice as long each time, up to `longest`."""
    pause = min(timedelta(seconds=0.25 * 2 ** min(message.attempts, 20)), longest)
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message.id)
        .values(attempts=message.attempts + 1, next_attempt_at=now + pause, error=error)
    )


async def forget(connection: AsyncConnection, *, before: datetime) -> None:
    """Delete messages that were delivered before a moment: the order's history keeps what they told."""
    await connection.execute(delete(outbox).where(outbox.c.done_at < before))


def _message(row: Row[Any]) -> Message:
    return Message(row.id, row.order_id, row.kind, row.payload, row.attempts)
