"""The tax of an order that is changed: of new lines at its place, of all lines at another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import update

from adapters.db.locked_order import LockedOrder
from adapters.db.tables import order_lines
from adapters.db.tax import TableTax, kept, read_back
from domain.errors import InvalidContent
from domain.invoicing import SoldLine
from domain.order_change import AddedLine
from domain.tax import MissingRate, Sale, Taxes, place_of


@dataclass(frozen=True, slots=True)
class Retaxed:
    """What lines cost with the tax of the change, those that it adds too; `shipping` holds its tax."""

    lines: Mapping[str, SoldLine]
    added: tuple[AddedLine, ...]
    shipping: int
    taxes: Taxes


async def retaxed(
    order: LockedOrder, added: Sequence[AddedLine], ship_to: Mapping[str, Any] | None, missing: MissingRate
) -> Retaxed | None:
    """Work out what a change makes of the tax; None when the storefront says it.

    Lines keep their tax unless the order goes elsewhere, which it can while nothing has left. Raises
    InvalidContent for a place without a rate, if such are refused.
    """
    row = order.values
    if row["taxes"] is None:
        return None
    sold = [line.sold for line in order.lines.values()]
    net = (*(one.amount - one.tax for one in sold), *(one.gross - one.discount for one in added))
    skus = (*(one.sku for one in sold), *(one.sku for one in added))
    untaxed = row["shipping_charged"] - row["shipping_tax"]
    sale = Sale(place_of(row["ship_to"]), row["placed_at"].date(), net, shipping=untaxed)
    keeping = range(len(sold)) if ship_to is None else ()
    taxes = await TableTax(order.connection, skus, missing).taxes_elsewhere(
        sale, read_back(row["taxes"]), place_of(ship_to or row["ship_to"]), left=keeping
    )
    parts = [part.added for part in taxes.lines]
    return Retaxed(
        {one.line_id: _taxed(one, tax) for one, tax in zip(sold, parts, strict=False)},
        tuple(replace(one, tax=tax) for one, tax in zip(added, parts[len(sold) :], strict=True)),
        untaxed + taxes.shipping_added,
        taxes,
    )


def _taxed(sold: SoldLine, tax: int) -> SoldLine:
    return replace(sold, tax=tax, amount=sold.amount - sold.tax + tax)


def check_sent_with(added: Sequence[AddedLine], worked_out: Sequence[AddedLine]) -> None:
    """Raise InvalidContent where a new line was sent with another tax than we work out; 0 says none."""
    for index, (sent, ours) in enumerate(zip(added, worked_out, strict=False)):
        if sent.tax not in {0, ours.tax}:
            raise InvalidContent(f"the tax of this line is {ours.tax}", f"/add/{index}/tax")


async def apply_taxes(order: LockedOrder, change: Retaxed) -> None:
    """Write the taxes of a change; its new lines are written already. Does not save the order."""
    for line_id, sold in change.lines.items():
        if sold != order.lines[line_id].sold:
            order.lines[line_id].sold = sold
            await order.connection.execute(
                update(order_lines)
                .where(order_lines.c.order_id == order.id, order_lines.c.line_id == line_id)
                .values(tax=sold.tax, amount=sold.amount)
            )
    row = order.values
    tax = change.taxes.added
    order.set(
        tax=tax,
        shipping_tax=change.taxes.shipping_added,
        shipping_charged=change.shipping,
        taxes=kept(change.taxes),
        total=row["items"] + row["shipping"] - row["discount"] + tax,
    )
