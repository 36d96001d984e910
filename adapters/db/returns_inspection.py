"""What becomes of units that came back: each gets its disposition, and the customer the money for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from adapters.db.locked_order import LockedOrder
from adapters.db.locked_return import LockedReturn
from adapters.db.refunds import Owed, left_to_give_back, owe_refund
from adapters.db.returns import end_inspection
from adapters.db.stock import StockChange
from adapters.db.supply import supply
from adapters.db.tables import return_inspections, return_lines, return_receipts, returns
from domain.errors import InvalidContent, NotReceived
from domain.refund_policy import Adjustment, AdjustmentKind, RefundKind, ReturnPolicy, limited
from domain.return_status import Disposition, RefundTo, ReturnKind


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody says of units that came in; `grade` in the location's own words."""

    line_id: str
    quantity: int
    disposition: Disposition
    grade: str | None = None


async def inspect(
    held: LockedReturn, lines: Sequence[Judged], policy: ReturnPolicy, *, only_at: str | None = None
) -> None:
    """Say what became of units: what is restocked is stock where it came in, the oldest receipt first.

    The customer gets back what the units cost, less or more what the policy says, unless they were paid back
    when the carrier turned round. `only_at`: nothing else than what came in there may be meant. Raises
    NotReceived for units that have not come in or were inspected before, InvalidContent for lines that the
    return does not have. Does not save the order.
    """
    order = held.order
    found = await _found(held, lines, only_at)
    await order.connection.execute(insert(return_inspections), found)
    order.record("return.inspected", return_id=held.id, lines=[_told(one) for one in found])
    restocked = [
        StockChange(
            one["location_id"], held.lines[one["line_id"]].sku, "return restocked",
            on_hand=one["quantity"], order_id=order.id,
        )
        for one in found
        if one["disposition"] == Disposition.RESTOCK.value
    ]  # fmt: skip
    if restocked:
        await supply(order.connection, restocked, actor=order.actor, now=order.now, held={order.id: order})
    if held.kind is ReturnKind.CUSTOMER:
        await _pay_back(held, lines, policy)
    await end_inspection(held)


async def _found(held: LockedReturn, lines: Sequence[Judged], only_at: str | None) -> list[dict[str, Any]]:
    """The units with the receipts that they came by, as rows; the receipts are used up."""
    receipts = await _receipts(held, only_at)
    left = {row.id: row.quantity - row.inspected for row in receipts}
    found: list[dict[str, Any]] = []
    for index, judged in enumerate(lines):
        if judged.line_id not in held.lines:
            raise InvalidContent("the return has no such line", f"/lines/{index}/line_id")
        held.lines[judged.line_id].inspected += judged.quantity
        to_find = judged.quantity
        for row in receipts:
            taken = min(left[row.id], to_find) if row.line_id == judged.line_id else 0
            if taken:
                left[row.id] -= taken
                to_find -= taken
                found.append(_row(held, judged, row.location_id, taken))
        if to_find:
            raise NotReceived(f"{to_find} units of line {judged.line_id} have not come in to be inspected")
    for row in receipts:
        await held.order.connection.execute(
            update(return_receipts)
            .where(return_receipts.c.id == row.id)
            .values(inspected=row.quantity - left[row.id])
        )
    return found


async def _receipts(held: LockedReturn, only_at: str | None) -> Sequence[Row[Any]]:
    query = select(return_receipts).where(
        return_receipts.c.return_id == held.id, return_receipts.c.inspected < return_receipts.c.quantity
    )
    if only_at is not None:
        query = query.where(return_receipts.c.location_id == only_at)
    return (await held.order.connection.execute(query.order_by(return_receipts.c.id))).all()


def _row(held: LockedReturn, judged: Judged, location_id: str, units: int) -> dict[str, Any]:
    return {
        "return_id": held.id,
        "line_id": judged.line_id,
        "location_id": location_id,
        "quantity": units,
        "disposition": judged.disposition.value,
        "grade": judged.grade,
        "at": held.order.now,
        "actor": held.order.actor,
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    names = ("line_id", "location_id", "quantity", "disposition", "grade")
    return {name: row[name] for name in names if row[name] is not None}


async def _pay_back(held: LockedReturn, lines: Sequence[Judged], policy: ReturnPolicy) -> None:
    order = held.order
    worth = 0
    adjustments: list[Adjustment] = []
    for judged in lines:
        cost = order.refund_units(judged.line_id, judged.quantity)
        worth += cost
        reason = held.lines[judged.line_id].reason
        fee = policy.restocking_fee(
            cost, judged.quantity, order.values["currency"], reason=reason, grade=judged.grade
        )
        adjustments.append(Adjustment(AdjustmentKind.RESTOCKING_FEE, -fee, reason))
    adjustments += await _shipping_back(order, policy)
    amount, adjustments = limited(worth, adjustments, await left_to_give_back(order))
    held.refund += amount
    to_instrument = held.refund_to is RefundTo.ORIGINAL
    owed = Owed(
        RefundKind.RETURN,
        "returned",
        amount=amount if to_instrument else 0,
        credit=0 if to_instrument else amount,
        credit_as=RefundTo.STORE_CREDIT if to_instrument else held.refund_to,
        return_id=held.id,
        adjustments=tuple(adjustments),
    )
    await owe_refund(order, owed)


async def _shipping_back(order: LockedOrder, policy: ReturnPolicy) -> list[Adjustment]:
    """The shipping, once, when the customer keeps nothing and the policy gives it back for their reasons."""
    row, total = order.values, order.units
    everything = total.left == total.live and not any(line.unrefunded for line in order.lines.values())
    if not everything or total.shipped or row["shipping_refunded"] or not row["shipping_charged"]:
        return []
    asked = await order.connection.execute(
        select(return_lines.c.reason)
        .join(returns, returns.c.id == return_lines.c.return_id)
        .where(
            returns.c.order_id == order.id,
            returns.c.kind == ReturnKind.CUSTOMER.value,
            return_lines.c.received > 0,
        )
    )
    if not policy.gives_shipping_back(asked.scalars().all()):
        return []
    order.set(shipping_refunded=row["shipping_charged"])
    return [Adjustment(AdjustmentKind.SHIPPING, row["shipping_charged"], policy.shipping_back.value)]
