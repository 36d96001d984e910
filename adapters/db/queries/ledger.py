"""What the ledger tells: of one order in words of business, and of a day for its settlement."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Text, any_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import ledger_entries, orders, payment_intents
from domain.accounts import EFFECTS, Account, Fact
from domain.payment import BookedEffect, MoneyStep
from domain.reconciliation import FAILED, SUCCEEDED

_ENTRY: Final = ledger_entries.c
_STATUS: Final = {"open": "pending", "abandoned": "pending", "declined": "declined", FAILED: FAILED}
"""What became of an effect; an authorization that has ended since did succeed."""


async def show_payments(connection: AsyncConnection, order_id: str) -> dict[str, Any]:
    """An order's money as the API shows it; the order is there."""
    currency = await connection.scalar(select(orders.c.currency).where(orders.c.id == order_id))
    found = await connection.execute(
        select(ledger_entries).where(_ENTRY.order_id == order_id).order_by(_ENTRY.id)
    )
    entries = found.all()
    return {
        "order_id": order_id,
        "currency": currency,
        "balances": _balances(entries),
        "effects": await _effects(connection, order_id, entries),
        "transactions": _transactions(entries),
    }


def _balances(entries: Sequence[Row[Any]]) -> dict[str, int]:
    def on(*accounts: Account, of: Collection[Fact] = frozenset(Fact)) -> int:
        return sum(one.amount for one in entries if one.account in accounts and one.fact in of)

    credited = on(Account.REFUNDS_PAYABLE, Account.STORE_CREDIT_LIABILITY, of={Fact.CREDIT_NOTE})
    return {
        "held": on(Account.AUTHORIZED_HELD),
        "captured": -on(Account.ACCOUNTS_RECEIVABLE, of={Fact.CAPTURE}),
        "refunded": on(Account.REFUNDS_PAYABLE, of={Fact.REFUND, Fact.REFUND_FAILED}),
        "fees": on(Account.PSP_FEES),
        "invoiced": on(Account.ACCOUNTS_RECEIVABLE, of={Fact.INVOICE}),
        "credited": -credited,
        "store_credit": -on(Account.STORE_CREDIT_LIABILITY),
        "written_off": on(Account.WRITE_OFFS),
        "refunds_written_off": -on(Account.REFUNDS_WRITTEN_OFF),
        "receivable": on(Account.ACCOUNTS_RECEIVABLE),
        "refunds_payable": -on(Account.REFUNDS_PAYABLE),
    }


async def _effects(
    connection: AsyncConnection, order_id: str, entries: Iterable[Row[Any]]
) -> list[dict[str, Any]]:
    """Every effect that was asked for, oldest first, also those that were declined or are not decided."""
    intent = payment_intents.c
    rows = await connection.execute(
        select(payment_intents)
        .where(intent.order_id == order_id)
        .order_by(intent.created_at, intent.resolved_at, intent.key)
    )
    fees = {one.transaction: one.amount for one in entries if one.account == Account.PSP_FEES}
    return [
        {
            "key": row.key,
            "kind": row.step,
            "amount": row.amount,
            "fee": fees.get(row.key, 0),
            "status": _STATUS.get(row.status, SUCCEEDED),
            "code": row.code,
            "at": row.resolved_at or row.created_at,
        }
        for row in rows
    ]


def _transactions(entries: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = {}
    for one in entries:
        told = {"key": one.transaction, "fact": one.fact, "at": one.at, "entries": []}
        transaction = shown.setdefault(one.transaction, told)
        transaction["entries"].append({"account": one.account, "amount": one.amount})
    return list(shown.values())


async def asked_since(
    connection: AsyncConnection, provider: str, day: tuple[datetime, datetime]
) -> datetime | None:
    """When the first of the effects was asked for that orders paid by this provider had in a span of time."""
    first, end = day
    asked: datetime | None = await connection.scalar(
        select(func.min(payment_intents.c.created_at))
        .join(ledger_entries, _ENTRY.transaction == payment_intents.c.key)
        .join(orders, orders.c.id == _ENTRY.order_id)
        .where(_ENTRY.at >= first, _ENTRY.at < end, orders.c.payment_provider == provider)
    )
    return asked


async def effects_of_the_day(
    connection: AsyncConnection,
    provider: str,
    day: tuple[datetime, datetime],
    keys: Collection[str],
) -> list[BookedEffect]:
    """The effects that orders paid by this provider had from the one moment until before the other.

    Also those of these `keys`, whenever and by whichever provider.
    """
    first, end = day
    fee = func.coalesce(func.sum(_ENTRY.amount).filter(_ENTRY.account == Account.PSP_FEES.value), 0)
    of_the_day = (_ENTRY.at >= first) & (_ENTRY.at < end) & (orders.c.payment_provider == provider)
    named = _ENTRY.transaction == any_(literal(sorted(keys), ARRAY(Text)))
    status = case((payment_intents.c.status == FAILED, FAILED), else_=SUCCEEDED)
    rows = await connection.execute(
        select(
            _ENTRY.transaction, _ENTRY.order_id, _ENTRY.fact, _ENTRY.currency, _ENTRY.at,
            func.max(func.abs(_ENTRY.amount)).label("amount"), fee.label("fee"),
            status.label("status"),
        )
        .join(orders, orders.c.id == _ENTRY.order_id)
        .outerjoin(payment_intents, payment_intents.c.key == _ENTRY.transaction)
        .where(_ENTRY.fact.in_(EFFECTS), or_(of_the_day, named))
        .group_by(_ENTRY.transaction, _ENTRY.order_id, _ENTRY.fact, _ENTRY.currency, _ENTRY.at, status)
    )  # fmt: skip
    return [
        BookedEffect(
            order_id=row.order_id, step=MoneyStep(row.fact), amount=row.amount, currency=row.currency,
            status=row.status, idempotency_key=row.transaction, at=row.at, fee=int(row.fee),
        )
        for row in rows
    ]  # fmt: skip
