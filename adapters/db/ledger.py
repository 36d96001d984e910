"""The ledger: what each fact of business posts, written with the order that it belongs to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert

from adapters.db.tables import ledger_entries
from domain import accounts

if TYPE_CHECKING:
    from adapters.db.locked_order import LockedOrder


async def write_postings(order: "LockedOrder", postings: Sequence[accounts.Posting]) -> None:
    """Write an order's postings; the transaction cannot commit when one does not balance or is there."""
    rows = [
        {
            "transaction": posting.key,
            "order_id": order.id,
            "fact": posting.fact.value,
            "account": account.value,
            "amount": amount,
            "currency": order.values["currency"],
            "at": order.now,
        }
        for posting in postings
        for account, amount in posting.entries.items()
    ]
    if rows:
        await order.connection.execute(insert(ledger_entries), rows)


def post_payment_write_off(order: "LockedOrder", amount: int) -> None:
    """Nobody pursues so much of what is owed to us. Does not save the order."""
    if amount:
        order.post(accounts.payment_written_off(_key(order), amount))


def post_refund_write_off(order: "LockedOrder", amount: int, *, as_credit: bool = False) -> None:
    """So much of what was owed back will not go. Does not save the order."""
    if amount:
        order.post(accounts.refund_written_off(_key(order), amount, as_credit=as_credit))


def _key(order: "LockedOrder") -> str:
    """Such a fact has no name of its own: the order's version grows with whatever happens to it."""
    return f"{order.id}:write_off:{order.values['version']}.{len(order.postings)}"
