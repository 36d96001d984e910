"""Returns: asked for by customers, or opened for what a carrier brings back; called off, or completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import exists, func, insert, select

from adapters.db.locked_order import LockedOrder
from adapters.db.locked_return import (
    LockedReturn,
    customer_returns,
    inspected_returns,
    lock_return,
    tell_return,
)
from adapters.db.tables import refunds, return_lines, returns
from domain.errors import IllegalTransition, InvalidContent, NotReturnable, ReturnWindowOver
from domain.ids import return_id
from domain.return_status import RefundTo, ReturnKind, ReturnStatus

EXPIRES_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AskedBack:
    """Units of an order line that are to come back, and why."""

    line_id: str
    quantity: int
    reason: str


async def request_return(
    order: LockedOrder,
    lines: Sequence[AskedBack],
    refund_to: RefundTo,
    *,
    expires_after: timedelta = EXPIRES_AFTER,
) -> str:
    """Expect units back that the customer has; returns the return's id.

    Raises ReturnWindowOver once the order has closed, NotReturnable for more units than were delivered and
    are not asked for already, InvalidContent for lines that cannot be. Does not save the order.
    """
    if order.closed:
        raise ReturnWindowOver("the order has closed: nothing of it can be sent back any more")
    asked = await _asked_already(order)
    for index, line in enumerate(lines):
        known = order.lines.get(line.line_id)
        if known is None:
            raise InvalidContent("the order has no such line", f"/lines/{index}/line_id")
        if line.line_id in {earlier.line_id for earlier in lines[:index]}:
            raise InvalidContent("the line is there twice", f"/lines/{index}/line_id")
        returnable = max(known.quantities.delivered - asked.get(line.line_id, 0), 0)
        if line.quantity > returnable:
            raise NotReturnable(f"{returnable} units of line {line.line_id} can be returned")
    held = await _open(order, lines, refund_to, ReturnKind.CUSTOMER, expires_after)
    order.record(
        "return.requested",
        return_id=held.id,
        refund_to=refund_to.value,
        lines=[{"line_id": line.line_id, "quantity": line.quantity, "reason": line.reason} for line in lines],
        expires_at=held.expires_at.isoformat(),
    )
    return held.id


async def await_sender_return(order: LockedOrder, moved: Mapping[str, int], *, cause: str) -> None:
    """Expect units that a carrier brings back to where they came from, or to wherever they arrive.

    They count as returned already, and are paid back already. Does not save the order.
    """
    if not moved:
        return
    lines = [AskedBack(line_id, units, cause) for line_id, units in moved.items()]
    held = await _open(order, lines, RefundTo.ORIGINAL, ReturnKind.TO_SENDER, EXPIRES_AFTER)
    order.record("return.in_transit", return_id=held.id, expires_at=held.expires_at.isoformat())


async def cancel_return(held: LockedReturn, *, reason: str | None) -> None:
    """The customer keeps the units. Raises IllegalTransition once something has come in.

    Does not save the order.
    """
    await _call_off(held, ReturnStatus.CANCELLED, reason)


async def reject_return(held: LockedReturn, *, reason: str) -> None:
    """The units are not taken back. Raises IllegalTransition once something has come in.

    Does not save the order.
    """
    await _call_off(held, ReturnStatus.REJECTED, reason)


async def overtake_returns(order: LockedOrder) -> None:
    """Expect no units of the customer that a carrier has brought back. Does not save the order."""
    if not order.values["open_returns"]:
        return
    left = {line.line_id: line.quantities.delivered for line in order.lines.values()}
    for held in await customer_returns(order):
        missing: dict[str, int] = {}
        for line in held.lines.values():
            expected = min(line.to_come, left[line.line_id])
            left[line.line_id] -= expected
            missing |= {line.line_id: line.to_come - expected} if expected < line.to_come else {}
        if missing:
            await _overtake(held, missing)


async def _overtake(held: LockedReturn, missing: Mapping[str, int]) -> None:
    complete = all(line.to_come == missing.get(line.line_id, 0) for line in held.lines.values())
    if complete and not any(line.received for line in held.lines.values()):
        await _call_off(held, ReturnStatus.CANCELLED, "a carrier brought the units back")
        return
    await held.expect_less(missing)
    held.order.record(
        "return.overtaken",
        return_id=held.id,
        lines=[{"line_id": line_id, "quantity": units} for line_id, units in missing.items()],
    )
    if complete:
        held.step(ReturnStatus.RECEIVED)
    await end_inspection(held)


async def _call_off(held: LockedReturn, target: ReturnStatus, reason: str | None) -> None:
    if held.kind is ReturnKind.TO_SENDER:
        raise IllegalTransition("a carrier brings these units back: nobody can call that off")
    held.end(target, **({"reason": reason} if reason else {}))
    await held.save()


async def end_inspection(held: LockedReturn) -> None:
    """Write the return; when somebody has looked at all of it, only its money is left to see to."""
    if held.status is ReturnStatus.RECEIVED and not any(line.to_inspect for line in held.lines.values()):
        held.step(ReturnStatus.INSPECTED)
    await held.save()
    await complete_returns(held.order)


async def complete_returns(order: LockedOrder) -> None:
    """End the inspected returns whose money has gone back, or will not go any more.

    Does not save the order.
    """
    if not order.values["open_returns"]:
        return
    money = order.money
    settled = money.unrefunded <= 0 and money.uncaptured == 0
    for held in await inspected_returns(order):
        if settled or not await _unpaid(order, held.id):
            held.end(ReturnStatus.COMPLETED, refund=held.refund)
            await held.save()


async def _unpaid(order: LockedOrder, return_name: str) -> bool:
    owed = exists().where(
        refunds.c.return_id == return_name, refunds.c.paid + refunds.c.written_off < refunds.c.amount
    )
    return bool((await order.connection.execute(select(owed))).scalar_one())


async def _asked_already(order: LockedOrder) -> dict[str, int]:
    """Units by line that the customer has, and that an open return waits for."""
    if not order.values["open_returns"]:
        return {}
    rows = await order.connection.execute(
        select(
            return_lines.c.line_id, func.sum(return_lines.c.quantity - return_lines.c.received).label("units")
        )
        .join(returns, returns.c.id == return_lines.c.return_id)
        .where(
            returns.c.order_id == order.id,
            returns.c.kind == ReturnKind.CUSTOMER.value,
            returns.c.ended_at.is_(None),
        )
        .group_by(return_lines.c.line_id)
    )
    return {row.line_id: int(row.units) for row in rows}


_FIRST: Final = {
    ReturnKind.CUSTOMER: ReturnStatus.REQUESTED,
    ReturnKind.TO_SENDER: ReturnStatus.IN_TRANSIT,
}


async def _open(
    order: LockedOrder,
    lines: Sequence[AskedBack],
    refund_to: RefundTo,
    kind: ReturnKind,
    expires_after: timedelta,
) -> LockedReturn:
    known = await order.connection.execute(
        select(func.count()).select_from(returns).where(returns.c.order_id == order.id)
    )
    number = known.scalar_one() + 1
    name = return_id(order.id, number)
    await order.connection.execute(
        insert(returns).values(
            id=name, order_id=order.id, number=number, kind=kind.value, status=_FIRST[kind].value,
            refund_to=refund_to.value, requested_at=order.now, expires_at=order.now + expires_after,
        )
    )  # fmt: skip
    await order.connection.execute(insert(return_lines), [_row(order, name, line) for line in lines])
    order.set(open_returns=order.values["open_returns"] + 1)
    held = await lock_return(order, name)
    await tell_return(held)
    return held


def _row(order: LockedOrder, name: str, line: AskedBack) -> dict[str, Any]:
    return {
        "return_id": name,
        "line_id": line.line_id,
        "sku": order.lines[line.line_id].sku,
        "quantity": line.quantity,
        "reason": line.reason,
    }
