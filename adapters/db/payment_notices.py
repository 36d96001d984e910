"""Notices of payment providers: each is taken in once, and decides the effect that waits for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.locked_order import lock_order
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.payments import record_answer, record_failed_refund
from adapters.db.tables import orders, payment_intents, payment_notices
from domain.payment import Declined, PaymentNotice, Succeeded
from domain.payment_notice import NoticeState


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A notice that is the provider's and cannot be read; `digest` names it, `body` is kept for a person."""

    digest: str
    body: bytes
    error: str


async def quarantine(connection: AsyncConnection, provider: str, notice: Unreadable, now: datetime) -> bool:
    """Keep a notice that cannot be read; False for one that was kept before."""
    return await _keep(
        connection,
        provider=provider,
        event_id=notice.digest,
        state=NoticeState.QUARANTINED.value,
        body=notice.body,
        error=notice.error,
        received_at=now,
    )


async def take_notice(
    connection: AsyncConnection, provider: str, notice: PaymentNotice, policy: PaymentPolicy, now: datetime
) -> NoticeState | None:
    """Apply what a provider says became of an effect; None for a notice that was taken in before.

    Two deliveries at once wait for each other at the inbox, two notices of one effect at its order's lock.
    """
    fresh = await _keep(
        connection,
        provider=provider,
        event_id=notice.event_id,
        intent_key=notice.idempotency_key,
        step=notice.step.value,
        state=NoticeState.UNKNOWN.value,
        occurred_at=notice.occurred_at,
        received_at=now,
    )
    if not fresh:
        return None
    order_id = await _order_of(connection, provider, notice)
    if order_id is None:
        return NoticeState.UNKNOWN
    state = await _apply(connection, order_id, notice, policy, (f"psp:{provider}", now))
    await connection.execute(
        update(payment_notices)
        .where(payment_notices.c.provider == provider, payment_notices.c.event_id == notice.event_id)
        .values(order_id=order_id, state=state.value)
    )
    return state


async def _keep(connection: AsyncConnection, **columns: Any) -> bool:
    row = upsert(payment_notices).values(**columns)
    kept = await connection.execute(
        row.on_conflict_do_nothing(index_elements=["provider", "event_id"]).returning(payment_notices.c.id)
    )
    return kept.first() is not None


async def _order_of(connection: AsyncConnection, provider: str, notice: PaymentNotice) -> str | None:
    """Whose effect it is, if it is one that we asked this provider for."""
    found = await connection.execute(
        select(payment_intents.c.order_id)
        .join(orders, orders.c.id == payment_intents.c.order_id)
        .where(
            payment_intents.c.key == notice.idempotency_key,
            payment_intents.c.step == notice.step.value,
            orders.c.payment_provider == provider,
        )
    )
    order_id = found.scalar()
    return None if order_id is None else str(order_id)


async def _apply(
    connection: AsyncConnection,
    order_id: str,
    notice: PaymentNotice,
    policy: PaymentPolicy,
    by: tuple[str, datetime],
) -> NoticeState:
    """Only what decides an effect is applied: steps on the way to it may come in any order, and late.

    One decision is not the last: a refund that succeeded may fail, and then stays so.
    """
    if not isinstance(notice.answer, Succeeded | Declined):
        return NoticeState.KNOWN
    actor, now = by
    order = await lock_order(connection, order_id, actor=actor, now=now)
    key, answer = notice.idempotency_key, notice.answer
    decided = await record_answer(order, key, answer, policy)
    if not decided and isinstance(answer, Declined):
        decided = await record_failed_refund(order, key, answer)
    if not decided:
        return NoticeState.KNOWN
    await order.save()
    return NoticeState.APPLIED
