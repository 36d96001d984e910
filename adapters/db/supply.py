"""Stock that comes free is given to waiting lines, oldest promise first, before anyone else sees it.

The queue is read twice: once to lock the orders in it (orders are locked before stock, always), and again
when the cells are locked. An order that came into the queue in between makes the transaction look again.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Row, any_, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import LookAgain
from adapters.db.locked_order import LockedOrder, lock_orders
from adapters.db.postponing import STOCK_FOUND, ask_payment
from adapters.db.stock import Cell, StockChange, change_stock, levels, merged
from adapters.db.tables import backorders, earmarks
from domain.quantities import Bucket


async def supply(
    connection: AsyncConnection,
    changes: Sequence[StockChange],
    *,
    actor: str,
    now: datetime,
    held: Mapping[str, LockedOrder] | None = None,
) -> None:
    """Apply stock changes and give what they free to the lines that wait for it.

    `held` are the orders that the caller has locked and will save itself; the others are saved here.
    """
    mine = dict(held or {})
    freeing = [cell for cell, (on_hand, reserved) in merged(changes).items() if on_hand > reserved]
    waiting = await _orders_in_line(connection, changes, freeing) if freeing else set()
    others = await lock_orders(connection, waiting - mine.keys(), actor="stock", now=now)
    after = await change_stock(connection, changes, actor=actor, now=now)
    orders = others | mine
    for cell in freeing:
        if after[cell].available > 0:
            await _give(connection, cell, after[cell].available, orders, now)
    for order in others.values():
        await order.save()


async def supply_anew(
    connection: AsyncConnection, cells: Sequence[Cell], *, actor: str, now: datetime
) -> None:
    """Give what cells have free to the lines that wait for it, though no unit moved: less is kept back."""
    waiting = await _orders_in_line(connection, [StockChange(*cell, "") for cell in cells], cells)
    orders = await lock_orders(connection, waiting, actor=actor, now=now)
    free = await levels(connection, cells, lock=True)
    for cell in merged([StockChange(*cell, "") for cell in cells]):
        if free[cell].available > 0:
            await _give(connection, cell, free[cell].available, orders, now)
    for order in orders.values():
        await order.save()


async def _orders_in_line(
    connection: AsyncConnection, changes: Sequence[StockChange], freeing: Sequence[Cell]
) -> set[str]:
    """Foresee who is served, cell by cell as it will be done: who is filled by one is no longer in line."""
    sums = merged(changes)
    before = await levels(connection, freeing)
    filled: Counter[tuple[str, str]] = Counter()
    for cell in freeing:
        on_hand, reserved = sums[cell]
        left = on_hand - reserved + (before[cell].available if cell in before else 0)
        queue = await _queue(connection, cell, left, left + len(filled)) if left > 0 else []
        for row, units in _served(queue, left, filled):
            filled[row.order_id, row.line_id] += units
    return {order_id for order_id, _ in filled}


async def _queue(connection: AsyncConnection, cell: Cell, free: int, most: int) -> Sequence[Row[Any]]:
    """Who is next for a cell that has so many units free."""
    if most <= 0:
        return []
    rows = await connection.execute(
        select(backorders)
        .where(
            backorders.c.sku == cell[1],
            any_(backorders.c.locations) == cell[0],
            func.coalesce(backorders.c.refused[cell[0]].as_integer(), 0) < literal(free, BigInteger),
        )
        .order_by(backorders.c.promised_at, backorders.c.order_id, backorders.c.line_id)
        .limit(most)
    )
    return rows.all()


def _served(
    queue: Sequence[Row[Any]], units: int, filled: Mapping[tuple[str, str], int] = MappingProxyType({})
) -> list[tuple[Row[Any], int]]:
    """Whom so many units serve; `filled`: what lines of the queue will have got by then from elsewhere."""
    served = []
    for row in queue:
        given = min(units, row.quantity - filled.get((row.order_id, row.line_id), 0))
        if given > 0:
            served.append((row, given))
            units -= given
    return served


async def _give(
    connection: AsyncConnection,
    cell: Cell,
    units: int,
    orders: Mapping[str, LockedOrder],
    now: datetime,
) -> None:
    for row, quantity in _served(await _queue(connection, cell, units, units), units):
        order = orders.get(row.order_id)
        if order is None:
            raise LookAgain
        await change_stock(
            connection,
            [StockChange(*cell, "earmarked", reserved=quantity, order_id=order.id)],
            actor="stock",
            now=now,
        )
        await _set_aside(connection, cell, row, quantity)
        order.move(row.line_id, Bucket.BACKORDERED, Bucket.PENDING, quantity)
        order.record("line.supplied", line_id=row.line_id, location_id=cell[0], quantity=quantity)
        ask_payment(order, STOCK_FOUND)


async def _set_aside(connection: AsyncConnection, cell: Cell, row: Row[Any], quantity: int) -> None:
    location_id, sku = cell
    mark = upsert(earmarks).values(
        order_id=row.order_id,
        line_id=row.line_id,
        location_id=location_id,
        sku=sku,
        quantity=quantity,
    )
    await connection.execute(
        mark.on_conflict_do_update(
            index_elements=["order_id", "line_id", "location_id"],
            set_={"quantity": earmarks.c.quantity + quantity},
        )
    )
    await shrink_backorder(connection, row.order_id, row.line_id, row.quantity, quantity)


async def shrink_backorder(
    connection: AsyncConnection, order_id: str, line_id: str, waiting: int, quantity: int
) -> None:
    """Take units out of the queue; a row that waits for nothing more goes."""
    here = (backorders.c.order_id == order_id) & (backorders.c.line_id == line_id)
    if waiting == quantity:
        await connection.execute(delete(backorders).where(here))
    else:
        await connection.execute(update(backorders).where(here).values(quantity=waiting - quantity))


async def leave_queue(order: LockedOrder, line_id: str, quantity: int) -> None:
    """Take units of an order's line out of the queue; the caller says where they go instead."""
    waiting = await order.connection.execute(
        select(backorders.c.quantity)
        .where(backorders.c.order_id == order.id, backorders.c.line_id == line_id)
        .with_for_update()
    )
    await shrink_backorder(order.connection, order.id, line_id, waiting.scalar_one(), quantity)


async def release_earmarks(
    order: LockedOrder, keep: Mapping[str, int], first: Collection[Cell] = ()
) -> list[StockChange]:
    """Let go of what is set aside for an order beyond what each of its lines may keep, none if not named.

    What lies in the cells `first` is let go before the rest. Returns the reservations to let go.
    """
    mine = (await order.connection.execute(select(earmarks).where(earmarks.c.order_id == order.id))).all()
    marks = sorted(mine, key=lambda row: ((row.location_id, row.sku) not in first, row.location_id))
    excess = {row.line_id: -keep.get(row.line_id, 0) for row in marks}
    for row in marks:
        excess[row.line_id] += row.quantity
    gone, rest = [], []
    for row in marks:
        released = min(row.quantity, max(excess[row.line_id], 0))
        excess[row.line_id] -= released
        if released:
            gone.append((row, released))
        if 0 < released < row.quantity:
            rest.append({**row._mapping, "quantity": row.quantity - released})  # noqa: SLF001 (a public name)
    await _replace_marks(order, [row for row, _ in gone], rest)
    return [
        StockChange(row.location_id, row.sku, "earmark released", reserved=-released, order_id=order.id)
        for row, released in gone
    ]


async def _replace_marks(
    order: LockedOrder, gone: Sequence[Row[Any]], rest: Sequence[Mapping[str, Any]]
) -> None:
    if gone:
        named = [(row.line_id, row.location_id) for row in gone]
        here = tuple_(earmarks.c.line_id, earmarks.c.location_id).in_(named)
        await order.connection.execute(delete(earmarks).where(earmarks.c.order_id == order.id, here))
    if rest:
        await order.connection.execute(insert(earmarks), rest)
