"""What a customer is to get back: owed where it is decided, paid when the provider confirms."""

from sqlalchemy import insert, select, update

from adapters.db.invoices import write_credit_note
from adapters.db.locked_order import LockedOrder
from adapters.db.tables import refunds, store_credits
from domain.return_status import RefundTo


async def owe_refund(
    order: LockedOrder,
    amount: int,
    *,
    reason: str,
    to: RefundTo = RefundTo.ORIGINAL,
    return_id: str | None = None,
) -> None:
    """Owe a customer `amount` in minor units: to the instrument, or as credit that is there at once.

    A credit note says so, and for which units. Nothing is owed for 0. Does not save the order.
    """
    if amount == 0:
        order.paid_back = []
        return
    credit = to is not RefundTo.ORIGINAL
    written = await order.connection.execute(
        insert(refunds)
        .values(
            order_id=order.id, return_id=return_id, reason=reason, refund_to=to.value, amount=amount,
            paid=amount if credit else 0, actor=order.actor, at=order.now,
        )
        .returning(refunds.c.id)
    )  # fmt: skip
    refund_id = written.scalar_one()
    await write_credit_note(order, refund_id, amount, reason=reason, to=to)
    details = {"amount": amount, "reason": reason} | ({"return_id": return_id} if return_id else {})
    if not credit:
        order.set(refund_due=order.values["refund_due"] + amount)
        order.record("refund.owed", **details)
        return
    await order.connection.execute(
        insert(store_credits).values(
            refund_id=refund_id,
            order_id=order.id,
            customer_id=order.values["customer_id"],
            amount=amount,
            currency=order.values["currency"],
            at=order.now,
        )
    )
    order.set(store_credit=order.values["store_credit"] + amount)
    order.record("store_credit.issued", **details)


async def pay_refunds(order: LockedOrder, amount: int) -> None:
    """Money went back to the instrument: what is owed longest is paid first."""
    owed = await order.connection.execute(
        select(refunds)
        .where(
            refunds.c.order_id == order.id,
            refunds.c.refund_to == RefundTo.ORIGINAL.value,
            refunds.c.paid + refunds.c.written_off < refunds.c.amount,
        )
        .order_by(refunds.c.id)
    )
    for row in owed.all():
        paid = min(amount, row.amount - row.paid - row.written_off)
        if paid:
            await order.connection.execute(
                update(refunds).where(refunds.c.id == row.id).values(paid=row.paid + paid)
            )
        amount -= paid
