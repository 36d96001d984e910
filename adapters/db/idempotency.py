"""The answers that were given, so that a repeated request gets the same one again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import LookAgain
from adapters.db.tables import idempotency_records


@dataclass(frozen=True, slots=True)
class RequestName:
    """What makes two requests the same one."""

    key_id: str
    method: str
    path: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is kept of an earlier request of the name; no status means that it is still under way.

    `answer` is the text as it was sent: JSONB as such would not keep its bytes.
    """

    body_hash: str
    status: int | None
    answer: str | None


async def claim(
    connection: AsyncConnection, name: RequestName, body_hash: str, now: datetime
) -> Recorded | None:
    """Take the name; None when it was free, else what stands under it.

    Waits for an equal request that is under way in another transaction.
    """
    values = {
        "key_id": name.key_id,
        "method": name.method,
        "path": name.path,
        "idempotency_key": name.idempotency_key,
    }
    taken = await connection.execute(
        insert(idempotency_records)
        .values(**values, body_hash=body_hash, created_at=now)
        .on_conflict_do_nothing()
        .returning(idempotency_records.c.key_id)
    )
    if taken.first() is not None:
        return None
    row = (
        await connection.execute(
            select(
                idempotency_records.c.body_hash, idempotency_records.c.status, idempotency_records.c.answer
            ).filter_by(**values)
        )
    ).first()
    if row is None:
        # The record that was in the way is gone again (tidied up): the name is free now.
        raise LookAgain
    return Recorded(row.body_hash, row.status, row.answer)


async def record(connection: AsyncConnection, name: RequestName, status: int, answer: str) -> None:
    """Keep the answer under the name that was claimed."""
    await connection.execute(
        update(idempotency_records)
        .filter_by(
            key_id=name.key_id,
            method=name.method,
            path=name.path,
            idempotency_key=name.idempotency_key,
        )
        .values(status=status, answer=answer)
    )
