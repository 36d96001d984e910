"""Numbers of invoices and credit notes: given in order of writing, without a gap, per seller and kind.

A document is written in the transaction of its shipment or refund, which must not wait for a counter that
all shipments share. Here one process at a time gives the next numbers, in a short transaction of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.db.engine import alone
from adapters.db.tables import invoices, legal_entities, orders, products
from config.failpoints import declare, failpoint
from domain.invoicing import DocumentKind

_GIVEN = declare("numbers-given", "documents have their numbers, not yet committed")

NUMBERING: Final = 7_214_535
"""The advisory lock of the one process that numbers, and of those who change what numbers begin with."""
_BATCH: Final = 500
_DIGITS: Final = 6

_COLUMNS: Final = ("number", "label", "issued_at", "seller", "buyer", "names")

_LAST: Final = {
    kind: select(func.max(invoices.c.number))
    .where(invoices.c.legal_entity == legal_entities.c.id, invoices.c.kind == kind.value)
    .scalar_subquery()
    .label(kind.value)
    for kind in DocumentKind
}
_SELLERS: Final = select(legal_entities, *_LAST.values())
_ISSUE: Final = (
    update(invoices)
    .where(invoices.c.id == bindparam("document"))
    .values({name: bindparam(name) for name in _COLUMNS})
)


async def number_documents(engine: AsyncEngine, now: datetime) -> int:
    """Issue documents that have no number yet; returns how many, 0 also when another process is at it."""
    async with alone(engine, NUMBERING) as connection:
        if connection is None:
            return 0
        found = await connection.execute(
            select(invoices).where(invoices.c.number.is_(None)).order_by(invoices.c.position).limit(_BATCH)
        )
        waiting = found.all()
        if waiting:
            await connection.execute(_ISSUE, await _issued(connection, waiting, now))
            failpoint(_GIVEN)
        return len(waiting)


async def _issued(
    connection: AsyncConnection, waiting: Sequence[Row[Any]], now: datetime
) -> list[dict[str, Any]]:
    sellers = {row.id: row for row in await connection.execute(_SELLERS)}
    buyers = await _buyers(connection, {row.order_id for row in waiting})
    names = await _names(connection, {line["sku"] for row in waiting for line in row.lines})
    last: dict[tuple[str, str], int] = {}
    issued = []
    for row in waiting:
        seller = sellers[row.legal_entity]
        series = (row.legal_entity, row.kind)
        last[series] = number = last.get(series, getattr(seller, row.kind) or 0) + 1
        prefix = getattr(seller, f"{row.kind}_prefix")
        issued.append(
            {
                "document": row.id,
                "number": number,
                "label": f"{prefix}{number:0{_DIGITS}}",
                "issued_at": max(now, row.at),
                "seller": {"name": seller.name, "address": seller.address, "tax_id": seller.tax_id},
                "buyer": buyers[row.order_id],
                "names": {line["sku"]: names[line["sku"]] for line in row.lines if line["sku"] in names},
            }
        )
    return issued


async def _buyers(connection: AsyncConnection, order_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Who buys, as the order has it at this moment: an address that changes later does not change it."""
    wanted = select(
        orders.c.id, orders.c.order_number, orders.c.customer_id, orders.c.customer_name, orders.c.ship_to
    ).where(orders.c.id.in_(order_ids))
    return {
        row.id: {
            "order_number": row.order_number,
            "customer_id": row.customer_id,
            "name": row.customer_name,
            "address": {part: value for part, value in row.ship_to.items() if part not in {"lat", "lng"}},
        }
        for row in await connection.execute(wanted)
    }


async def _names(connection: AsyncConnection, skus: Collection[str]) -> dict[str, str]:
    found = await connection.execute(select(products.c.sku, products.c.name).where(products.c.sku.in_(skus)))
    return {row.sku: row.name for row in found}
