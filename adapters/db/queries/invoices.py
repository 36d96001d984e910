"""Invoices and credit notes as they are shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import invoices
from domain.errors import NotFound
from domain.invoicing import DocumentKind


async def documents_of(connection: AsyncConnection, order_id: str) -> list[dict[str, Any]]:
    """An order's invoices and credit notes, in order of writing."""
    rows = await connection.execute(
        select(invoices).where(invoices.c.order_id == order_id).order_by(invoices.c.position)
    )
    written = rows.all()
    return [_shown(row, _corrected(row, written)) for row in written]


async def show_document(connection: AsyncConnection, document_id: str) -> dict[str, Any]:
    """One invoice or credit note; raises NotFound."""
    found = await connection.execute(select(invoices).where(invoices.c.id == document_id))
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such invoice or credit note.")
    before = await connection.execute(
        select(invoices)
        .where(invoices.c.order_id == row.order_id, invoices.c.position < row.position)
        .order_by(invoices.c.position)
    )
    return _shown(row, _corrected(row, before.all()))


def _corrected(note: Row[Any], written: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """The invoices that a credit note corrects: over its lines and its shipping, all for what has neither."""
    if note.kind != DocumentKind.CREDIT_NOTE.value:
        return []
    before = [
        one for one in written if one.kind == DocumentKind.INVOICE.value and one.position < note.position
    ]
    lines = {line["line_id"] for line in note.lines}
    about = [
        one
        for one in before
        if (note.shipping and one.shipping) or any(line["line_id"] in lines for line in one.lines)
    ]
    return [{"id": one.id, "number": one.label} for one in about or before]


def _shown(row: Row[Any], corrected: list[dict[str, Any]]) -> dict[str, Any]:
    names = row.names or {}
    return {
        "id": row.id,
        "kind": row.kind,
        "number": row.label,
        "order_id": row.order_id,
        "fulfillment_id": row.fulfillment_id,
        "legal_entity": row.legal_entity,
        "currency": row.currency,
        "totals": {
            "items": row.items,
            "shipping": row.shipping,
            "adjustment": row.adjustment,
            "tax": row.tax,
            "shipping_tax": row.shipping_tax,
            "adjustment_tax": row.adjustment_tax,
            "total": row.total,
        },
        "lines": _lines(row.lines, names),
        "reason": row.reason,
        "refund_to": row.refund_to,
        "corrects": corrected,
        "shipped_at": row.at if row.kind == DocumentKind.INVOICE.value else None,
        "written_at": row.at,
        "issued_at": row.issued_at,
        "seller": row.seller,
        "buyer": row.buyer,
    }


def _lines(lines: Sequence[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    shown = ("line_id", "sku", "units", "unit_price", "discount", "tax", "amount")
    return [
        {name: line[name] for name in shown}
        | {"contained_tax": line.get("contained_tax", 0), "name": names.get(line["sku"])}
        for line in lines
    ]
