"""Orders as they are shown: read in a fixed number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.promises import waiting_of
from adapters.db.queries.fulfillments import fulfillments_of
from adapters.db.queries.holds import active_holds_of
from adapters.db.queries.kept_promises import add_promised
from adapters.db.queries.returns import returns_of
from adapters.db.tables import fulfillment_orders, order_events, order_lines, orders
from domain.payment_status import PaymentStatus
from domain.pricing import to_pay
from domain.quantities import Bucket


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list of orders is narrowed to; `channels` None means all of them."""

    channels: frozenset[str] | None = None
    status: Sequence[str] = ()
    routing: str | None = None
    payment_status: Sequence[str] = ()
    held: bool | None = None
    channel: str | None = None
    customer: str | None = None
    sku: str | None = None
    location: str | None = None
    q: str | None = None
    placed_from: datetime | None = None
    placed_to: datetime | None = None


async def channel_of(connection: AsyncConnection, order_id: str) -> str | None:
    """The channel that an order came from; None when there is no such order."""
    found = await connection.execute(select(orders.c.channel).where(orders.c.id == order_id))
    return found.scalar()


async def show_order(connection: AsyncConnection, order_id: str) -> dict[str, Any]:
    """An order that is there, as the API shows it."""
    return (await show_orders(connection, [order_id]))[0]


async def show_orders(connection: AsyncConnection, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Orders as the API shows them, in the order of `ids`."""
    rows = {row.id: row for row in await connection.execute(select(orders).where(orders.c.id.in_(ids)))}
    lines = await _lines(connection, ids)
    await _add_waiting(connection, lines)
    work = await fulfillments_of(connection, ids)
    held = [row.id for row in rows.values() if row.active_holds]
    holds = await active_holds_of(connection, held) if held else {}
    sent_back = await returns_of(connection, ids)
    shown = {
        one: _shown(rows[one], lines[one], work[one])
        | {"returns": sent_back[one], "holds": holds.get(one, [])}
        for one in ids
        if one in rows
    }
    await add_promised(connection, list(rows.values()), shown)
    return list(shown.values())


async def _lines(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = await connection.execute(
        select(order_lines).where(order_lines.c.order_id.in_(ids)).order_by(order_lines.c.position)
    )
    for row in rows:
        found[row.order_id].append(
            {
                "line_id": row.line_id,
                "sku": row.sku,
                "quantity": row.quantity,
                "unit_price": row.unit_price,
                "discount": row.discount,
                "tax": row.tax,
                "quantities": {bucket.value: getattr(row, bucket.value) for bucket in Bucket},
            }
        )
    return found


async def _add_waiting(connection: AsyncConnection, lines: dict[str, list[dict[str, Any]]]) -> None:
    """Say of lines that wait for stock how many units do, and until when."""
    waits = [one for one, shown in lines.items() if any(line["quantities"]["backordered"] for line in shown)]
    waiting = await waiting_of(connection, waits) if waits else {}
    for order_id in waits:
        for line in lines[order_id]:
            if (order_id, line["line_id"]) in waiting:
                line["backorder"] = waiting[order_id, line["line_id"]]


def _promise(row: Row[Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    dates = [line["backorder"]["expected_at"] for line in lines if "backorder" in line]
    expected_at = max(dates) if dates and None not in dates else None
    return {
        "deliver_by": row.deliver_by or row.promised_at,
        "arrives_by": row.promised_at,
        "expected_at": expected_at,
    }


def _shown(row: Row[Any], lines: list[dict[str, Any]], work: list[dict[str, Any]]) -> dict[str, Any]:
    shown = {
        "id": row.id,
        "channel": row.channel,
        "order_number": row.order_number,
        "status": row.status,
        "payment_status": row.payment_status,
        "currency": row.currency,
        "placed_at": row.placed_at,
        "customer": _customer(row),
        "ship_to": row.ship_to,
        "delivery": _delivery(row),
        "routing": row.routing,
        "totals": _totals(row, lines),
        "lines": lines,
        "fulfillments": work,
        "promise": _promise(row, lines),
        "delivered_at": row.delivered_at,
        "closed_at": row.closed_at,
    }
    attention = {"reason": row.attention, "since": row.attention_since}
    action = {"payment_action": {"url": row.payment_action}} if _to_confirm(row) else {}
    taxes = {"taxes": row.taxes} if row.taxes is not None else {}
    return shown | taxes | ({"attention": attention} if row.attention else {}) | action


def _customer(row: Row[Any]) -> dict[str, Any]:
    customer = {"id": row.customer_id, "name": row.customer_name, "email": row.customer_email}
    return customer | ({"tier": row.customer_tier} if row.customer_tier else {})


def _to_confirm(row: Row[Any]) -> bool:
    return row.payment_action is not None and row.payment_status == PaymentStatus.ACTION_REQUIRED


def _delivery(row: Row[Any]) -> dict[str, Any]:
    delivery = {"method": row.delivery_method, "service_level": row.service_level}
    return delivery | ({"pickup_location": row.pickup_location} if row.pickup_location else {})


def _totals(row: Row[Any], lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    names = (
        "items", "shipping", "discount", "tax", "total", "authorized", "captured", "refunded",
        "refund_due", "store_credit", "written_off", "refunds_written_off",
    )  # fmt: skip
    shown = {name: getattr(row, name) for name in names}
    comes_to = to_pay((_sold(line) for line in lines), shipping=row.shipping_charged)
    return shown | {"to_pay": comes_to, "held": row.authorized - row.captured - row.voided}


def _sold(line: Mapping[str, Any]) -> tuple[int, int, int]:
    amount = line["quantity"] * line["unit_price"] - line["discount"] + line["tax"]
    return amount, line["quantity"], line["quantity"] - line["quantities"][Bucket.CANCELLED.value]


async def list_order_ids(
    connection: AsyncConnection, wanted: OrderFilter, *, after: tuple[datetime, str] | None, limit: int
) -> list[tuple[datetime, str]]:
    """(placed_at, id) of the newest orders first, after the one given."""
    query = _narrowed(select(orders.c.placed_at, orders.c.id), wanted)
    if after is not None:
        query = query.where(tuple_(orders.c.placed_at, orders.c.id) < tuple_(*after))
    rows = await connection.execute(
        query.order_by(orders.c.placed_at.desc(), orders.c.id.desc()).limit(limit)
    )
    return [(row.placed_at, row.id) for row in rows]


def _narrowed(query: Select[Any], wanted: OrderFilter) -> Select[Any]:
    conditions = [
        orders.c.channel.in_(wanted.channels) if wanted.channels is not None else None,
        orders.c.status.in_(wanted.status) if wanted.status else None,
        orders.c.routing == wanted.routing if wanted.routing else None,
        orders.c.payment_status.in_(wanted.payment_status) if wanted.payment_status else None,
        (orders.c.active_holds > 0) == wanted.held if wanted.held is not None else None,
        orders.c.channel == wanted.channel if wanted.channel else None,
        orders.c.customer_id == wanted.customer if wanted.customer else None,
        orders.c.placed_at >= wanted.placed_from if wanted.placed_from else None,
        orders.c.placed_at < wanted.placed_to if wanted.placed_to else None,
        _has_sku(wanted.sku) if wanted.sku else None,
        _at_location(wanted.location) if wanted.location else None,
        _matches(wanted.q) if wanted.q else None,
    ]
    return query.where(and_(True, *(one for one in conditions if one is not None)))  # noqa: FBT003


def _has_sku(sku: str) -> Any:
    return exists().where(order_lines.c.order_id == orders.c.id, order_lines.c.sku == sku)


def _at_location(location_id: str) -> Any:
    return exists().where(
        fulfillment_orders.c.order_id == orders.c.id, fulfillment_orders.c.location_id == location_id
    )


def _matches(text: str) -> Any:
    """Numbers and ids from their beginning, customers by e-mail or a part of the name."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        orders.c.order_number.like(f"{plain}%"),
        orders.c.id == text,
        func.lower(orders.c.customer_email) == text.lower(),
        orders.c.customer_name.ilike(f"%{plain}%"),
    )


async def list_events(
    connection: AsyncConnection, order_id: str, *, after: int, limit: int
) -> Sequence[Row[Any]]:
    """An order's history after a `seq`, oldest first."""
    rows = await connection.execute(
        select(order_events)
        .where(order_events.c.order_id == order_id, order_events.c.seq > literal(after, BigInteger))
        .order_by(order_events.c.seq)
        .limit(limit)
    )
    return rows.all()
