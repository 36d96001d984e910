"""What is set aside: each authorization of an order by itself, for what it still holds.

An order's `authorized`, `voided` and `superseded` are the sums; each draw and each end takes from one row.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from adapters.db.locked_order import LockedOrder
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.tables import payment_intents
from domain.accounts import expired
from domain.payment import MoneyStep, Succeeded

_INTENT = payment_intents.c


async def set_aside(order: LockedOrder, row: Row[Any], answer: Succeeded, policy: PaymentPolicy) -> None:
    """An authorization was granted: it holds all of its amount, in the place of others that it renews."""
    if row.renews:
        await _supersede(order, but=row.key)
    await _write(
        order,
        row.key,
        status="succeeded",
        held=row.amount,
        expires_at=answer.expires_at,
        renew_at=_renew_at(order, answer.expires_at, policy),
    )
    order.set(authorized=order.values["authorized"] + row.amount)
    await mind_ends(order)


async def set_aside_in_vain(order: LockedOrder, row: Row[Any], answer: Succeeded) -> None:
    """An authorization was granted that nobody waits for any more: what it holds is to be let go."""
    await _write(
        order,
        row.key,
        status="superseded",
        reference=answer.reference,
        held=row.amount,
        expires_at=answer.expires_at,
        resolved_at=order.now,
    )
    order.set(
        authorized=order.values["authorized"] + row.amount,
        superseded=order.values["superseded"] + row.amount,
    )


def _renew_at(order: LockedOrder, ends_at: datetime | None, policy: PaymentPolicy) -> datetime | None:
    """In time, but not at once when the authorization is short."""
    if ends_at is None:
        return None
    ahead = min(policy.renew_before, (ends_at - order.now) / 2)
    return max(ends_at - ahead, order.now)


async def _supersede(order: LockedOrder, *, but: str) -> None:
    replaced = [row for row in await holding(order) if row.key != but]
    for row in replaced:
        await _write(order, row.key, status="superseded")
    order.set(superseded=order.values["superseded"] + sum(row.held for row in replaced))


async def holding(order: LockedOrder, status: str = "succeeded") -> Sequence[Row[Any]]:
    """The authorizations of a status that hold something, the one that ends first first."""
    found = await order.connection.execute(
        select(payment_intents)
        .where(
            _INTENT.order_id == order.id,
            _INTENT.step == MoneyStep.AUTHORIZE.value,
            _INTENT.status == status,
            _INTENT.held > 0,
        )
        .order_by(_INTENT.expires_at.asc().nulls_last(), _INTENT.n)
    )
    return found.all()


async def authorization_of(order: LockedOrder, reference: str | None) -> Row[Any] | None:
    """An authorization by the provider's reference of it."""
    found = await order.connection.execute(
        select(payment_intents).where(
            _INTENT.order_id == order.id,
            _INTENT.step == MoneyStep.AUTHORIZE.value,
            _INTENT.reference == reference,
        )
    )
    return found.one_or_none()


async def take_from(order: LockedOrder, held: Row[Any], amount: int, *, emptied: str) -> None:
    """Take from what an authorization holds; one that holds nothing any more has status `emptied`."""
    left = held.held - amount
    await _write(order, held.key, held=left, status=held.status if left else emptied)
    if held.status == "superseded":
        order.set(superseded=order.values["superseded"] - amount)
    if not left:
        await mind_ends(order)


async def end_at_provider(order: LockedOrder, held: Row[Any]) -> None:
    """What an authorization holds is not there any more, and is counted on no longer."""
    if held.held:
        order.post(expired(f"{held.key}:expired", held.held))
    order.set(authorized=order.values["authorized"] - held.held)
    await take_from(order, held, held.held, emptied="expired")


async def forgo_renewal(order: LockedOrder) -> None:
    """What is about to end is not renewed any more; it holds until its end."""
    await order.connection.execute(
        update(payment_intents)
        .where(_INTENT.order_id == order.id, _INTENT.renew_at <= order.now)
        .values(renew_at=None)
    )
    await mind_ends(order)


async def mind_ends(order: LockedOrder) -> None:
    """Note when the first of the authorizations that hold something ends, and when one is to be renewed."""
    found = await order.connection.execute(
        select(func.min(_INTENT.expires_at), func.min(_INTENT.renew_at)).where(
            _INTENT.order_id == order.id, _INTENT.status == "succeeded", _INTENT.held > 0
        )
    )
    ends_at, renew_at = found.one()
    order.set(authorization_ends_at=ends_at, renew_at=renew_at)


async def _write(order: LockedOrder, key: str, **columns: Any) -> None:
    await order.connection.execute(update(payment_intents).where(_INTENT.key == key).values(**columns))
