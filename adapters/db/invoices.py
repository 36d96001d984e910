"""Invoices and credit notes: written with the fact that they are about, numbered afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import any_, func, insert, literal, select

from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work, contained_tax
from adapters.db.tables import invoices, legal_entities
from domain.accounts import Shares, credited, invoiced
from domain.ids import credit_note_id, invoice_id
from domain.invoicing import (
    DocumentKind,
    DocumentLine,
    ShippingPart,
    credit_shares,
    invoice_shares,
    part_of,
)
from domain.return_status import RefundTo

DEFAULT_ENTITY: Final = "default"
"""Who sells on channels that nobody else names."""


async def write_invoice(order: LockedOrder, work: Work, units: Mapping[str, int]) -> None:
    """Invoice units that leave a location at this moment: what they cost, the shipping with the first.

    Call it when the units have moved, and before the shipment is counted. Does not save the order.
    """
    lines = [
        part_of(line.sold, line.quantities.left - units[line.line_id], units[line.line_id])
        for line in order.lines.values()
        if units.get(line.line_id)
    ]
    first = order.units.left == sum(units.values())
    shares = invoice_shares(lines, shipping=_shipping(order) if first else ShippingPart())
    name = invoice_id(work.id, work.shipments + 1)
    await _write(order, name, DocumentKind.INVOICE, shares, lines, fulfillment_id=work.id)
    order.post(invoiced(name, shares))


async def write_credit_note(
    order: LockedOrder, refund_id: int, amount: int, *, reason: str, to: RefundTo
) -> None:
    """Credit what is owed back, with the units that were noted as paid back since the last credit note.

    Does not save the order.
    """
    lines, order.paid_back = order.paid_back, []
    before = await _so_far(order)
    invoice, credit = before[DocumentKind.INVOICE], before[DocumentKind.CREDIT_NOTE]
    back = order.values["shipping_refunded"] > 0
    shipping = _shipping(order).beyond(credit.shipping).within(amount) if back else ShippingPart()
    shares = credit_shares(
        amount,
        lines,
        shipping=shipping,
        taxed=max(invoice.tax - credit.tax, 0),
        invoiced=max(invoice.total - credit.total, 0),
    )
    name = credit_note_id(order.id, refund_id)
    about: dict[str, Any] = {"refund_id": refund_id, "reason": reason, "refund_to": to.value}
    await _write(order, name, DocumentKind.CREDIT_NOTE, shares, lines, **about)
    order.post(credited(name, shares, as_store_credit=to is not RefundTo.ORIGINAL))


def _shipping(order: LockedOrder) -> ShippingPart:
    row = order.values
    tax = row["shipping_tax"] + contained_tax(row["taxes"], None)
    return ShippingPart(row["shipping_charged"], tax)


async def _so_far(order: LockedOrder) -> dict[DocumentKind, Shares]:
    """What was invoiced and credited of an order, in sums."""
    columns = ("items", "shipping", "adjustment", "tax")
    rows = await order.connection.execute(
        select(invoices.c.kind, *(func.sum(invoices.c[name]).label(name) for name in columns))
        .where(invoices.c.order_id == order.id)
        .group_by(invoices.c.kind)
    )
    sums = {row.kind: Shares(**{name: int(getattr(row, name)) for name in columns}) for row in rows}
    return {kind: sums.get(kind.value, Shares()) for kind in DocumentKind}


async def _write(
    order: LockedOrder,
    name: str,
    kind: DocumentKind,
    shares: Shares,
    lines: Sequence[DocumentLine],
    **about: Any,
) -> None:
    entity = legal_entities.c
    seller = (
        select(entity.id)
        .where(literal(order.values["channel"]) == any_(entity.channels))
        .order_by(entity.id)
        .limit(1)
        .scalar_subquery()
    )
    await order.connection.execute(
        insert(invoices).values(
            id=name,
            kind=kind.value,
            order_id=order.id,
            legal_entity=func.coalesce(seller, DEFAULT_ENTITY),
            currency=order.values["currency"],
            total=shares.total,
            lines=[asdict(line) for line in lines],
            at=order.now,
            **asdict(shares),
            **about,
        )
    )
