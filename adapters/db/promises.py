"""Dated promises: when units that wait for stock are covered by what is on its way.

A date follows from the whole queue for a product and from all that is announced of it, so every order that
joins or leaves the queue would move the dates of others, whose rows it does not hold. Dates are therefore
worked out when they are shown, from the rows as they are then: they are never stale, and nobody locks other
orders for them. What is kept is only the date that an order's history told last, so that it tells a date when
the order is backordered, and again when news of supply changed it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.locked_order import LockedOrder
from adapters.db.tables import backorders, inbound_supply, order_events
from domain.promise_dates import Inbound, Line, Waiting, promise_dates, supply_dates, unclaimed

_TELL: Final = (
    update(backorders)
    .where(backorders.c.order_id == bindparam("order"), backorders.c.line_id == bindparam("line"))
    .values(expected_at=bindparam("told"))
)
_HOLD: Final = text("""
    SELECT id FROM orders WHERE id IN (SELECT order_id FROM backorders WHERE sku = :sku)
    ORDER BY id FOR UPDATE
""")
_NUMBER: Final = text("""
    UPDATE orders SET next_seq = next_seq + told.events,
        updated_at = greatest(updated_at, CAST(:now AS timestamptz))
    FROM unnest(CAST(:ids AS text[]), CAST(:counts AS int[])) AS told (id, events)
    WHERE orders.id = told.id
    RETURNING orders.id, orders.next_seq - told.events AS first, orders.updated_at AS at
""")

_Place = tuple[datetime, Waiting]
"""In the queue: by when units are promised, and whose they are."""


async def expected_dates(connection: AsyncConnection, skus: Collection[str]) -> dict[Line, datetime]:
    """When each line that waits for one of some products can be promised; no date, not in it."""
    return await _dates(promise_dates, connection, skus)


async def first_supplies(connection: AsyncConnection, skus: Collection[str]) -> dict[str, datetime]:
    """When the first units of some products come for each order that waits for them; none, not in it."""
    dates: dict[str, datetime] = {}
    for (order_id, _), date in (await _dates(supply_dates, connection, skus)).items():
        dates[order_id] = min(date, dates.get(order_id, date))
    return dates


async def first_supply(order: LockedOrder) -> datetime | None:
    """When the first units come for an order; what has not been routed yet is taken to be in the queue."""
    waiting = {line.sku for line in order.lines.values() if line.quantities.unshipped}
    dates = await _dates(supply_dates, order.connection, waiting, joining=partial(_standing, order))
    return min((date for (order_id, _), date in dates.items() if order_id == order.id), default=None)


async def _dates(
    reckon: Callable[[Sequence[Waiting], Iterable[Inbound]], dict[Line, datetime]],
    connection: AsyncConnection,
    skus: Collection[str],
    joining: Callable[[Mapping[str, list[Inbound]]], Iterable[tuple[str, _Place]]] | None = None,
) -> dict[Line, datetime]:
    lots = await _inbound(connection, skus)
    if not lots:
        return {}
    rows = await connection.execute(
        select(backorders)
        .where(backorders.c.sku.in_(lots))
        .order_by(backorders.c.promised_at, backorders.c.order_id, backorders.c.line_id)
    )
    queues: dict[str, list[_Place]] = {sku: [] for sku in lots}
    for row in rows:
        waiting = Waiting(row.order_id, row.line_id, row.quantity, frozenset(row.locations))
        queues[row.sku].append((row.promised_at, waiting))
    if joining is not None:
        for sku, place in joining(lots):
            queues[sku].append(place)
            queues[sku].sort(key=lambda place: (place[0], place[1].order_id, place[1].line_id))
    dates: dict[Line, datetime] = {}
    for sku, queue in queues.items():
        dates |= reckon([waiting for _, waiting in queue], lots[sku])
    return dates


def _standing(order: LockedOrder, lots: Mapping[str, list[Inbound]]) -> Iterable[tuple[str, _Place]]:
    """Where what of an order has not been routed yet will stand, as if any location could serve it."""
    only = order.values["pickup_location"]
    for line in order.lines.values():
        if line.quantities.pending and line.sku in lots:
            places = {lot.location_id for lot in lots[line.sku]} if only is None else {only}
            waiting = Waiting(order.id, line.line_id, line.quantities.pending, frozenset(places))
            yield line.sku, (promised(order), waiting)


@dataclass(frozen=True, slots=True)
class LaterSupply:
    """When the units of a cart that are not there are covered, by SKU, and where supply of them is due."""

    dates: Mapping[str, datetime]
    places: Mapping[str, frozenset[str]]


async def later_supply(
    connection: AsyncConnection, units: Mapping[str, int], servers: Collection[str], now: datetime
) -> LaterSupply:
    """Foresee when units of a cart, by SKU, would be covered, were they ordered now; undated are missing."""
    places: dict[str, frozenset[str]] = {}

    def last(lots: Mapping[str, list[Inbound]]) -> Iterable[tuple[str, _Place]]:
        for sku, quantity in units.items():
            if sku in lots:
                places[sku] = frozenset(lot.location_id for lot in lots[sku]) & frozenset(servers)
                yield sku, (now, Waiting("", sku, quantity, frozenset(servers)))

    found = await _dates(promise_dates, connection, units, joining=last)
    return LaterSupply({sku: date for (order_id, sku), date in found.items() if not order_id}, places)


async def due_for(
    connection: AsyncConnection, skus: Collection[str], order: Mapping[str, Any]
) -> list[tuple[str, Inbound]]:
    """What is on its way of some products and not for those in line before an order, with the SKU."""
    lots = await _inbound(connection, skus)
    if not lots:
        return []
    stands = (stands_by(order), order["id"])
    rows = await connection.execute(
        select(backorders)
        .where(backorders.c.sku.in_(lots), tuple_(backorders.c.promised_at, backorders.c.order_id) < stands)
        .order_by(backorders.c.promised_at, backorders.c.order_id, backorders.c.line_id)
    )
    before: dict[str, list[Waiting]] = {sku: [] for sku in lots}
    for row in rows:
        before[row.sku].append(Waiting(row.order_id, row.line_id, row.quantity, frozenset(row.locations)))
    return [(sku, lot) for sku, queue in before.items() for lot in unclaimed(queue, lots[sku])]


def promised(order: LockedOrder) -> datetime:
    """By what an order's lines stand in the queue."""
    return stands_by(order.values)


def stands_by(order: Mapping[str, Any]) -> datetime:
    """The date that was asked for, or when the order was placed."""
    moment: datetime = order["deliver_by"] or order["placed_at"]
    return moment


async def waiting_of(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[Line, dict[str, Any]]:
    """What waits of some orders, as the API shows it, by line."""
    rows = await connection.execute(
        select(backorders.c.order_id, backorders.c.line_id, backorders.c.sku, backorders.c.quantity).where(
            backorders.c.order_id.in_(order_ids)
        )
    )
    waiting = rows.all()
    dates = await expected_dates(connection, {row.sku for row in waiting})
    return {
        (row.order_id, row.line_id): {
            "quantity": row.quantity,
            "expected_at": dates.get((row.order_id, row.line_id)),
        }
        for row in waiting
    }


async def first_dates(order: LockedOrder, line_ids: Collection[str]) -> dict[str, datetime | None]:
    """The dates of lines that have just joined the queue, noted as told: the caller tells them."""
    dates = await expected_dates(order.connection, {order.lines[one].sku for one in line_ids})
    found = {line_id: dates.get((order.id, line_id)) for line_id in line_ids}
    told = [{"order": order.id, "line": line_id, "told": date} for line_id, date in found.items()]
    await order.connection.execute(_TELL, told)
    return found


async def hold_waiting(connection: AsyncConnection, sku: str) -> set[str]:
    """Lock every order that waits for a product, before any stock is touched; returns their ids."""
    return set((await connection.execute(_HOLD, {"sku": sku})).scalars())


async def tell_dates(connection: AsyncConnection, sku: str, held: Collection[str], now: datetime) -> None:
    """Tell held orders that wait for a product the dates that are other than they were told.

    An order that came into the queue since they were locked has been told its date when it did.
    """
    dates = await expected_dates(connection, [sku])
    rows = await connection.execute(
        select(backorders.c.order_id, backorders.c.line_id, backorders.c.expected_at)
        .where(backorders.c.sku == sku, backorders.c.order_id.in_(held))
        .order_by(backorders.c.order_id, backorders.c.line_id)
    )
    news = [
        {"order": row.order_id, "line": row.line_id, "told": dates.get((row.order_id, row.line_id))}
        for row in rows
        if row.expected_at != dates.get((row.order_id, row.line_id))
    ]
    if news:
        await connection.execute(_TELL, news)
        await _record(connection, news, now)


async def _record(connection: AsyncConnection, news: Sequence[dict[str, Any]], now: datetime) -> None:
    """One event for each changed date, in the histories of many orders at once."""
    counts: dict[str, int] = {}
    for one in news:
        counts[one["order"]] = counts.get(one["order"], 0) + 1
    numbered = await connection.execute(
        _NUMBER, {"ids": list(counts), "counts": list(counts.values()), "now": now}
    )
    orders = {row.id: row for row in numbered}
    events = []
    for one in news:
        order = orders[one["order"]]
        counts[order.id] -= 1
        date = one["told"].isoformat() if one["told"] is not None else None
        events.append(
            {
                "order_id": order.id,
                "seq": order.first + counts[order.id],
                "type": "line.promise_dated",
                "at": order.at,
                "actor": "stock",
                "data": {"line_id": one["line"], "expected_at": date},
            }
        )
    await connection.execute(insert(order_events), events)


async def _inbound(connection: AsyncConnection, skus: Collection[str]) -> dict[str, list[Inbound]]:
    """What is still to come, by product."""
    to_come = inbound_supply.c.quantity - inbound_supply.c.received
    rows = await connection.execute(
        select(inbound_supply, to_come.label("to_come")).where(
            inbound_supply.c.sku.in_(skus), inbound_supply.c.ended_at.is_(None)
        )
    )
    lots: dict[str, list[Inbound]] = {}
    for row in rows:
        lots.setdefault(row.sku, []).append(Inbound(row.location_id, row.to_come, row.expected_at))
    return lots
