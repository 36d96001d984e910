"""Refunds as they are shown: one for all the places that its money goes to."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import orders, refund_adjustments, refunds
from domain.ids import refund_id
from domain.refund_policy import status_of_refund
from domain.return_status import RefundTo

Shown = dict[str, Any]


async def show_refund(connection: AsyncConnection, order_id: str, number: int) -> Shown:
    """A refund that is there."""
    return (await list_refunds(connection, order_id, after=number - 1, limit=1))[0]


async def list_refunds(connection: AsyncConnection, order_id: str, *, after: int, limit: int) -> list[Shown]:
    """An order's refunds, oldest first, after a number."""
    numbers = (
        select(refunds.c.number)
        .where(refunds.c.order_id == order_id, refunds.c.number > literal(after, BigInteger))
        .distinct()
        .order_by(refunds.c.number)
        .limit(limit)
    )
    rows = await connection.execute(
        select(refunds, orders.c.currency)
        .join(orders, orders.c.id == refunds.c.order_id)
        .where(refunds.c.order_id == order_id, refunds.c.number.in_(numbers))
        .order_by(refunds.c.number, refunds.c.id)
    )
    parts: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        parts[row.number].append(row)
    adjustments = await _adjustments(connection, order_id, list(parts))
    return [_shown(found) | {"adjustments": adjustments[number]} for number, found in parts.items()]


async def _adjustments(
    connection: AsyncConnection, order_id: str, numbers: Sequence[int]
) -> dict[int, list[Shown]]:
    found: dict[int, list[Shown]] = defaultdict(list)
    rows = await connection.execute(
        select(refund_adjustments)
        .where(refund_adjustments.c.order_id == order_id, refund_adjustments.c.refund_number.in_(numbers))
        .order_by(refund_adjustments.c.id)
    )
    for row in rows:
        found[row.refund_number].append({"kind": row.kind, "amount": row.amount, "reason": row.reason})
    return found


def _shown(parts: Sequence[Row[Any]]) -> Shown:
    first = parts[0]
    amount, paid, written_off = (
        sum(getattr(row, name) for row in parts) for name in ("amount", "paid", "written_off")
    )
    credit = sum(row.amount for row in parts if row.refund_to != RefundTo.ORIGINAL.value)
    return {
        "id": refund_id(first.order_id, first.number),
        "number": first.number,
        "order_id": first.order_id,
        "return_id": first.return_id,
        "kind": first.kind,
        "reason": first.reason,
        "amount": amount,
        "currency": first.currency,
        "to": first.refund_to if len(parts) == 1 else "both",
        "to_store_credit": credit,
        "status": status_of_refund(amount, paid=paid, written_off=written_off, credit=credit),
        "paid": paid,
        "written_off": written_off,
        "actor": first.actor,
        "at": first.at,
    }
