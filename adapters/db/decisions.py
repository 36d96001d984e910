"""What was decided and what it rested on: written once with the reservation, read to be shown or replayed.

Parts of the input are named by their content, so that the network, the rates and the policy of a thousand
decisions are stored once.
"""

import zlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, distinct, func, insert, select, true, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import fulfillment_orders, routing_decisions, routing_parts
from routing.record.snapshot import PARTS, Part, Parts, hashes_of


@dataclass(frozen=True, slots=True)
class Account:
    """A decision as it is kept: its record as canonical JSON, and what it rested on.

    `parts` and `seconds` (of planning) are None for a person's decision: nothing was planned.
    """

    policy: str
    record: str
    parts: Parts | None = None
    seconds: float | None = None


async def decided(connection: AsyncConnection, order_id: str, n: int) -> bool:
    """Whether the n-th decision of an order is already written."""
    found = await connection.execute(
        select(routing_decisions.c.n).where(
            routing_decisions.c.order_id == order_id, routing_decisions.c.n == n
        )
    )
    return found.first() is not None


async def write_decision(
    connection: AsyncConnection, order_id: str, n: int, at: datetime, account: Account
) -> None:
    """Write a decision and those of its parts that are not there yet.

    It comes last in its transaction: whoever writes the same part waits here, holding nothing that we need.
    """
    hashes = hashes_of(account.parts) if account.parts else {}
    if account.parts:
        await _write_parts(connection, {hashes[part]: (part, account.parts[part]) for part in PARTS}, at)
    await connection.execute(
        insert(routing_decisions).values(
            order_id=order_id,
            n=n,
            at=at,
            policy=account.policy,
            record=account.record,
            seconds=account.seconds,
            **{f"{part}_part": digest for part, digest in hashes.items()},
        )
    )


async def _write_parts(
    connection: AsyncConnection, parts: Mapping[str, tuple[Part, bytes]], at: datetime
) -> None:
    known = await connection.execute(select(routing_parts.c.hash).where(routing_parts.c.hash.in_(parts)))
    there = set(known.scalars())
    # Two writers of the same parts go in one order, so that neither waits for the other in a ring.
    rows = [
        {"hash": digest, "part": part, "body": zlib.compress(body), "since": at}
        for digest, (part, body) in sorted(parts.items())
        if digest not in there
    ]
    if rows:
        await connection.execute(upsert(routing_parts).values(rows).on_conflict_do_nothing())


async def read_parts(connection: AsyncConnection, decision: Row[Any]) -> Parts | None:
    """Read what a decision rested on; None when nothing was planned, or a part was erased since."""
    hashes: dict[Part, str | None] = {part: getattr(decision, f"{part}_part") for part in PARTS}
    rows = await connection.execute(
        select(routing_parts.c.hash, routing_parts.c.body).where(routing_parts.c.hash.in_(hashes.values()))
    )
    bodies = {row.hash: zlib.decompress(row.body) for row in rows}
    found = {part: bodies.get(digest) for part, digest in hashes.items() if digest is not None}
    if len(found) < len(PARTS) or None in found.values():
        return None
    return cast("Parts", found)


async def list_decisions(connection: AsyncConnection, order_id: str) -> Iterable[Row[Any]]:
    """Every routing decision of an order, oldest first."""
    rows = await connection.execute(
        select(routing_decisions)
        .where(routing_decisions.c.order_id == order_id)
        .order_by(routing_decisions.c.n)
    )
    return rows.all()


async def find_decision(connection: AsyncConnection, order_id: str, n: int | None) -> Row[Any] | None:
    """One decision of an order: the n-th, or without n the last; None when there is none."""
    rows = await connection.execute(
        select(routing_decisions)
        .where(
            routing_decisions.c.order_id == order_id,
            routing_decisions.c.n == n if n is not None else true(),
        )
        .order_by(routing_decisions.c.n.desc())
        .limit(1)
    )
    return rows.first()


async def latest_decisions(connection: AsyncConnection, limit: int | None) -> AsyncIterator[Row[Any]]:
    """Decisions, the latest first, read as they are used; all of them without a limit."""
    latest = select(routing_decisions).order_by(
        routing_decisions.c.at.desc(), routing_decisions.c.order_id, routing_decisions.c.n
    )
    async with connection.stream(latest.limit(limit)) as rows:
        async for row in rows:
            yield row


async def works_of(connection: AsyncConnection, order_id: str) -> Mapping[int, Sequence[Row[Any]]]:
    """What became of an order's decisions: the work that was asked of locations, by decision."""
    rows = await connection.execute(
        select(fulfillment_orders)
        .where(fulfillment_orders.c.order_id == order_id)
        .order_by(fulfillment_orders.c.number)
    )
    works: dict[int, list[Row[Any]]] = {}
    for row in rows:
        works.setdefault(row.decision, []).append(row)
    return works


async def kept_promises(connection: AsyncConnection, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """How the decisions of a time turned out, by policy: counts of shipments and the mean planned cost.

    Work that no parcel came of (rejected, cancelled) counts as asked, and in none of the other numbers.
    """
    work = fulfillment_orders.c
    each = tuple_(routing_decisions.c.order_id, routing_decisions.c.n)
    asked = (
        select(
            routing_decisions.c.policy,
            func.count(distinct(each)).label("decisions"),
            func.count().label("asked"),
            func.count(work.shipped_at).label("shipped"),
            func.count().filter(work.shipped_at > work.ship_by).label("shipped_late"),
            func.count(work.delivered_at).label("delivered"),
            func.count().filter(work.delivered_at > work.promised_at).label("delivered_late"),
            func.avg(work.cost).filter(work.shipped_at.is_not(None)).label("cost"),
        )
        .join_from(
            routing_decisions,
            fulfillment_orders,
            (work.order_id == routing_decisions.c.order_id) & (work.decision == routing_decisions.c.n),
        )
        .where(routing_decisions.c.at >= since, routing_decisions.c.at < until)
        .group_by(routing_decisions.c.policy)
        .order_by(routing_decisions.c.policy)
    )
    return (await connection.execute(asked)).all()
