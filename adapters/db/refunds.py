"""What a customer is to get back: owed where it is decided, paid when the provider confirms or as credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, func, insert, select, update

from adapters.db.invoices import write_credit_note
from adapters.db.ledger import post_refund_write_off
from adapters.db.locked_order import LockedOrder
from adapters.db.tables import refund_adjustments, refunds, store_credits
from domain.ids import refund_id
from domain.refund_policy import Adjustment, AdjustmentKind, LeftToGive, RefundKind
from domain.return_status import RefundTo

_OPEN: Final = refunds.c.paid + refunds.c.written_off < refunds.c.amount


@dataclass(frozen=True, slots=True)
class Owed:
    """Money that a customer is to get back, minor units: `amount` to the instrument, `credit` as credit.

    `adjustments` make the difference to what the units cost. `credit_as` says what kind of credit it is.
    """

    kind: RefundKind
    reason: str
    amount: int = 0
    credit: int = 0
    credit_as: RefundTo = RefundTo.STORE_CREDIT
    return_id: str | None = None
    adjustments: Sequence[Adjustment] = ()

    @property
    def total(self) -> int:
        """All of it."""
        return self.amount + self.credit


def given_back(order: LockedOrder) -> int:
    """All that the customer has or is to have back, in minor units; a skipped refund came by other means."""
    return _promised(order) + int(order.values["refunds_skipped"])


def _promised(order: LockedOrder) -> int:
    return int(order.values["refund_due"] + order.values["credit_due"])


async def left_to_give_back(order: LockedOrder) -> LeftToGive:
    """What the customer pays for what left and was not given back; what was written off nobody pays."""
    left = max(_paid_in_the_end(order) - given_back(order), 0)
    unpaid = int(order.values["written_off"])
    return LeftToGive(left, unpaid, await _given_without_units(order) if unpaid else 0)


async def _given_without_units(order: LockedOrder) -> int:
    """Appeasements, as far as no refund was less for them yet."""
    sums = [
        select(func.coalesce(func.sum(table.c.amount), 0))
        .where(table.c.order_id == order.id, table.c.kind == kind.value)
        .scalar_subquery()
        for table, kind in (
            (refunds, RefundKind.APPEASEMENT),
            (refund_adjustments, AdjustmentKind.GIVEN_BEFORE),
        )
    ]
    given, held_against = (await order.connection.execute(select(*sums))).one()
    return max(int(given + held_against), 0)


def promised_beyond(order: LockedOrder) -> int:
    """What the customer was promised back, but will not have paid; minor units."""
    return min(max(given_back(order) - _paid_in_the_end(order), 0), _promised(order))


def _paid_in_the_end(order: LockedOrder) -> int:
    return int(order.money.due - order.values["written_off"])


async def owe_refund(order: LockedOrder, owed: Owed) -> int | None:
    """Owe a customer money; returns the refund's number, None when nothing is owed. Does not save the order.

    A credit note says so, and for which units. Credit is there at once when its money was captured, and else
    when it is.
    """
    number = await _next_number(order) if owed.total else None
    await _adjust(order, owed, number)
    if number is None:
        order.paid_back = []
        return None
    parts = {RefundTo.ORIGINAL: owed.amount, owed.credit_as: owed.credit}
    for to, amount in parts.items():
        if amount:
            await _write(order, owed, number, to, amount)
    order.set(
        refund_due=order.values["refund_due"] + owed.amount,
        credit_due=order.values["credit_due"] + owed.credit,
    )
    if owed.amount:
        order.record("refund.owed", **_told(order, owed, number))
    if owed.credit:
        await issue_credits(order)
    return number


async def _next_number(order: LockedOrder) -> int:
    last = await order.connection.execute(
        select(func.coalesce(func.max(refunds.c.number), 0)).where(refunds.c.order_id == order.id)
    )
    return int(last.scalar_one()) + 1


async def _write(order: LockedOrder, owed: Owed, number: int, to: RefundTo, amount: int) -> None:
    written = await order.connection.execute(
        insert(refunds)
        .values(
            order_id=order.id, number=number, kind=owed.kind.value, return_id=owed.return_id,
            reason=owed.reason, refund_to=to.value, amount=amount, actor=order.actor, at=order.now,
        )
        .returning(refunds.c.id)
    )  # fmt: skip
    await write_credit_note(order, written.scalar_one(), amount, reason=owed.reason, to=to)


async def _adjust(order: LockedOrder, owed: Owed, number: int | None) -> None:
    for one in owed.adjustments:
        order.record(
            "refund.adjusted",
            kind=one.kind.value,
            amount=one.amount,
            reason=one.reason,
            **({"return_id": owed.return_id} if owed.return_id else {}),
        )
    rows = [
        {
            "order_id": order.id,
            "return_id": owed.return_id,
            "refund_number": number,
            "kind": one.kind.value,
            "amount": one.amount,
            "reason": one.reason,
            "actor": order.actor,
            "at": order.now,
        }
        for one in owed.adjustments
    ]
    if rows:
        await order.connection.execute(insert(refund_adjustments), rows)


def _told(order: LockedOrder, owed: Owed, number: int) -> dict[str, Any]:
    details = {
        "refund_id": refund_id(order.id, number),
        "kind": owed.kind.value,
        "amount": owed.amount,
        "reason": owed.reason,
    }
    return details | ({"return_id": owed.return_id} if owed.return_id else {})


async def pay_refunds(order: LockedOrder, amount: int) -> None:
    """Money went back to the instrument: what is owed longest is paid first."""
    owed = await order.connection.execute(
        _open_refunds(order).where(refunds.c.refund_to == RefundTo.ORIGINAL.value)
    )
    for row in owed.all():
        paid = min(amount, row.amount - row.paid - row.written_off)
        if paid:
            await _pay(order, row, paid)
        amount -= paid


async def owe_again(order: LockedOrder, amount: int) -> None:
    """Money that had gone to the instrument came back: what was paid last is owed again."""
    paid = await order.connection.execute(
        select(refunds)
        .where(
            refunds.c.order_id == order.id,
            refunds.c.refund_to == RefundTo.ORIGINAL.value,
            refunds.c.paid > 0,
        )
        .order_by(refunds.c.id.desc())
    )
    for row in paid.all():
        back = min(amount, row.paid)
        if back:
            await _pay(order, row, -back)
        amount -= back


async def issue_credits(order: LockedOrder) -> None:
    """Give the credit that is owed, the oldest first, as far as its money was captured and is not promised.

    Does not save the order.
    """
    if order.values["credit_due"] == order.values["store_credit"]:
        return
    owed = await order.connection.execute(
        _open_refunds(order).where(refunds.c.refund_to != RefundTo.ORIGINAL.value)
    )
    for row in owed.all():
        amount = row.amount - row.paid - row.written_off
        sums = order.values
        free = sums["captured"] - sums["refund_due"] - sums["store_credit"] - sums["refunds_skipped"]
        if amount > free:
            return
        await _pay(order, row, amount)
        await _issue(order, row, amount)


async def _issue(order: LockedOrder, row: Row[Any], amount: int) -> None:
    await order.connection.execute(
        insert(store_credits).values(
            refund_id=row.id,
            order_id=order.id,
            customer_id=order.values["customer_id"],
            amount=amount,
            currency=order.values["currency"],
            at=order.now,
        )
    )
    order.set(store_credit=order.values["store_credit"] + amount)
    details = {"refund_id": refund_id(order.id, row.number), "amount": amount, "reason": row.reason}
    order.record("store_credit.issued", **details | ({"return_id": row.return_id} if row.return_id else {}))


async def write_off_refunds(order: LockedOrder, amount: int, *, credit_too: bool) -> None:
    """Owe so much less, in minor units, the newest promise first. Does not save the order."""
    owed = _open_refunds(order)
    if not credit_too:
        owed = owed.where(refunds.c.refund_to == RefundTo.ORIGINAL.value)
    for row in reversed((await order.connection.execute(owed)).all()):
        cut = min(amount, row.amount - row.paid - row.written_off)
        if cut:
            as_credit = row.refund_to != RefundTo.ORIGINAL.value
            post_refund_write_off(order, cut, as_credit=as_credit)
            due = "credit_due" if as_credit else "refund_due"
            order.set(**{due: order.values[due] - cut})
            order.set(refunds_written_off=order.values["refunds_written_off"] + cut)
            await order.connection.execute(
                update(refunds).where(refunds.c.id == row.id).values(written_off=row.written_off + cut)
            )
        amount -= cut


def _open_refunds(order: LockedOrder) -> Select[Any]:
    return select(refunds).where(refunds.c.order_id == order.id, _OPEN).order_by(refunds.c.id)


async def _pay(order: LockedOrder, row: Row[Any], amount: int) -> None:
    await order.connection.execute(
        update(refunds).where(refunds.c.id == row.id).values(paid=row.paid + amount)
    )
