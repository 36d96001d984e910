"""Stock levels: every change is a row in the ledger of movements, in the same transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import stock, stock_movements

Cell = tuple[str, str]
"""(location id, SKU)."""


class Miss(Exception):  # noqa: N818 (a word of the trade: the plan missed)
    """The rows moved against the plan."""


@dataclass(frozen=True, slots=True)
class StockChange:
    """What happens to one cell: units that come or go, and units set aside or let go."""

    location_id: str
    sku: str
    reason: str
    on_hand: int = 0
    reserved: int = 0
    order_id: str | None = None
    fulfillment_id: str | None = None

    @property
    def cell(self) -> Cell:
        """The cell it changes."""
        return self.location_id, self.sku


@dataclass(frozen=True, slots=True)
class Level:
    """A cell after a change."""

    on_hand: int
    reserved: int
    safety_stock: int

    @property
    def available(self) -> int:
        """Units that may be promised; below zero while safety stock is not whole."""
        return self.on_hand - self.reserved - self.safety_stock


def merged(changes: Sequence[StockChange]) -> dict[Cell, tuple[int, int]]:
    """The sum of changes per cell, in (SKU, location) order: the order in which cells are locked."""
    sums: dict[Cell, tuple[int, int]] = {}
    for change in changes:
        on_hand, reserved = sums.get(change.cell, (0, 0))
        sums[change.cell] = (on_hand + change.on_hand, reserved + change.reserved)
    return {cell: sums[cell] for cell in sorted(sums, key=lambda cell: (cell[1], cell[0]))}


async def levels(
    connection: AsyncConnection, cells: Sequence[Cell], *, lock: bool = False
) -> dict[Cell, Level]:
    """Read cells, locked in (SKU, location) order if asked for; cells that never had stock are missing."""
    skus = sorted({sku for _, sku in cells})
    query = select(stock).where(stock.c.sku.in_(skus)).order_by(stock.c.sku, stock.c.location_id)
    wanted = query.where(stock.c.location_id.in_(sorted({location for location, _ in cells})))
    rows = await connection.execute(wanted.with_for_update() if lock else wanted)
    found = {(row.location_id, row.sku): Level(row.on_hand, row.reserved, row.safety_stock) for row in rows}
    return {cell: found[cell] for cell in cells if cell in found}


async def lock_products(connection: AsyncConnection, skus: Collection[str]) -> None:
    """Lock every cell of some products, in (SKU, location) order."""
    await connection.execute(
        text("SELECT 1 FROM stock WHERE sku = ANY(:skus) ORDER BY sku, location_id FOR UPDATE"),
        {"skus": sorted(set(skus))},
    )


async def change_stock(
    connection: AsyncConnection, changes: Sequence[StockChange], *, actor: str, now: datetime
) -> dict[Cell, Level]:
    """Apply changes and write their movements; returns the cells after them.

    The database refuses levels that cannot be (reserved above on hand, below zero). A cell that is not there
    yet is made when units arrive in it.
    """
    after: dict[Cell, Level] = {}
    for cell, (on_hand, reserved) in merged(changes).items():
        after[cell] = await _apply(connection, cell, on_hand, reserved, now)
    await _write_movements(connection, changes, actor=actor, now=now)
    return after


async def _apply(
    connection: AsyncConnection, cell: Cell, on_hand: int, reserved: int, now: datetime
) -> Level:
    row = upsert(stock).values(
        location_id=cell[0], sku=cell[1], on_hand=on_hand, reserved=reserved, as_of=now
    )
    kept = row.on_conflict_do_update(
        index_elements=["sku", "location_id"],
        set_={
            "on_hand": stock.c.on_hand + on_hand,
            "reserved": stock.c.reserved + reserved,
            "as_of": now,
        },
    ).returning(stock.c.on_hand, stock.c.reserved, stock.c.safety_stock)
    if on_hand <= 0:  # nothing arrives: the cell must be there, and an insert would break its constraints
        change = (
            update(stock)
            .where(stock.c.location_id == cell[0], stock.c.sku == cell[1])
            .values(on_hand=stock.c.on_hand + on_hand, reserved=stock.c.reserved + reserved, as_of=now)
            .returning(stock.c.on_hand, stock.c.reserved, stock.c.safety_stock)
        )
        return Level(*(await connection.execute(change)).one())
    return Level(*(await connection.execute(kept)).one())


async def _write_movements(
    connection: AsyncConnection, changes: Sequence[StockChange], *, actor: str, now: datetime
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "location_id": change.location_id,
            "sku": change.sku,
            "on_hand_delta": change.on_hand,
            "reserved_delta": change.reserved,
            "reason": change.reason,
            "order_id": change.order_id,
            "fulfillment_id": change.fulfillment_id,
            "actor": actor,
            "at": now,
        }
        for change in changes
        if change.on_hand or change.reserved
    ]
    if rows:
        await connection.execute(insert(stock_movements), rows)


async def moved_since(connection: AsyncConnection, cell: Cell, moment: datetime) -> int:
    """The sum of what came to and left a cell after a moment; counts move nothing, they only say."""
    total = await connection.execute(
        select(func.coalesce(func.sum(stock_movements.c.on_hand_delta), 0)).where(
            stock_movements.c.location_id == cell[0],
            stock_movements.c.sku == cell[1],
            stock_movements.c.at > moment,
            stock_movements.c.reason.not_in(("count", "opening count")),
        )
    )
    return int(total.scalar_one())


async def mark_counted(connection: AsyncConnection, cell: Cell, counted_at: datetime) -> None:
    """Note the moment of the count that a cell's level rests on."""
    await connection.execute(
        update(stock)
        .where(stock.c.location_id == cell[0], stock.c.sku == cell[1])
        .values(counted_at=counted_at)
    )


async def last_count(connection: AsyncConnection, cell: Cell) -> datetime | None:
    """The moment of a cell's last count, its row locked; None when it was never counted."""
    found = await connection.execute(
        select(stock.c.counted_at)
        .where(stock.c.location_id == cell[0], stock.c.sku == cell[1])
        .with_for_update()
    )
    return found.scalar()


async def ensure_cell(connection: AsyncConnection, cell: Cell, now: datetime) -> None:
    """Make the row of a cell that has none, so that it can be locked."""
    await connection.execute(
        upsert(stock)
        .values(location_id=cell[0], sku=cell[1], as_of=now)
        .on_conflict_do_nothing(index_elements=["sku", "location_id"])
    )
