"""Payment intents: an outside effect is written down before it is asked for, and asked for under its key."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, insert, select, update

from adapters.db.attention import PAYMENT_UNAVAILABLE, park
from adapters.db.authorizations import authorization_of, holding
from adapters.db.locked_order import LockedOrder
from adapters.db.order_progress import payment_retry_at, unwanted
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.payment_waits import call_off, open_row, put_off_look_up
from adapters.db.postponing import postpone, supply_far_off
from adapters.db.risk import doubted
from adapters.db.tables import payment_intents
from domain.ids import effect_key
from domain.payment import Capabilities, MoneyStep, PaymentRequest
from domain.payment_status import PaymentStatus
from domain.settlement import MoneyMove, next_move


@dataclass(frozen=True, slots=True)
class Asked:
    """What the provider is to be asked now.

    `look_up`: what became of the effect, before it is asked for again. `given_up`: it is not asked for again,
    whatever the look-up tells. `abandoned`: an authorization that the void is to end; only a look-up after it
    tells whether it set money aside before.
    """

    request: PaymentRequest
    look_up: bool = False
    given_up: bool = False
    abandoned: PaymentRequest | None = None


async def open_intent(order: LockedOrder, policy: PaymentPolicy, provider: Capabilities) -> Asked | None:
    """Return what to ask the provider now, its intent written; None when there is nothing.

    An intent without an answer is asked for again under its own key; one that the provider has not decided
    is looked up, and so is one whose key it may have forgotten. After too many attempts the order is parked
    instead; what the provider is still deciding is looked up then as well. Does not save the order.
    """
    row = await open_row(order)
    if row is not None and unwanted(order):
        await call_off(order, row)
        row = None
    if row is None:
        row = await _next_row(order, policy, provider)
    if row is None or (row.pending_since is not None and _waits(order)):
        return None
    if row.attempts >= policy.attempts:
        if order.values["attention"] is None:
            park(order, PAYMENT_UNAVAILABLE, key=row.key)
        if row.pending_since is not None:
            await put_off_look_up(order, row, policy)
        return None
    await order.connection.execute(
        update(payment_intents)
        .where(payment_intents.c.key == row.key)
        .values(attempts=payment_intents.c.attempts + 1)
    )
    forgotten = row.created_at + provider.keeps_keys <= order.now
    given_up = row.status == "abandoned"
    return Asked(
        request_of(order, row),
        look_up=row.pending_since is not None or forgotten or given_up,
        given_up=given_up,
        abandoned=await _abandoned_by(order, row),
    )


def _waits(order: LockedOrder) -> bool:
    retry_at = payment_retry_at(order)
    return retry_at is not None and retry_at > order.now


async def _next_row(order: LockedOrder, policy: PaymentPolicy, provider: Capabilities) -> Row[Any] | None:
    if order.values["attention"] is not None or _waits(order):
        return None
    single = None if provider.several_captures else policy.single_capture.value
    if order.values["single_capture"] != single:
        order.set(single_capture=single)
    move = next_move(order.money)
    if move is None or await _postponed(order, policy):
        return None
    given_up = await _abandoned(order) if order.values["abandoned"] else None
    if given_up is not None and given_up.reference is None:
        return given_up
    return await _write_intent(order, move)


async def _postponed(order: LockedOrder, policy: PaymentPolicy) -> bool:
    """Put the first authorization off if the policy wants that; what is doubted is judged with it at once."""
    within = policy.authorize_within
    if within is None or order.payment_status is not PaymentStatus.NONE:
        return False
    until = await supply_far_off(order, within)
    if until is None or await doubted(order, policy.risk):
        return False
    postpone(order, within, until)
    return True


async def _write_intent(order: LockedOrder, move: MoneyMove) -> Row[Any]:
    earlier = await order.connection.execute(
        select(func.count())
        .select_from(payment_intents)
        .where(payment_intents.c.order_id == order.id, payment_intents.c.step == move.step.value)
    )
    n = earlier.scalar_one() + 1
    drawn = await _drawn_on(order, move)
    authorizes = move.step is MoneyStep.AUTHORIZE
    if authorizes and order.payment_status is PaymentStatus.NONE:
        order.pay(PaymentStatus.PENDING)
    key = effect_key(order.id, move.step.value, n)
    order.set(open_intent=key, payment_retry_at=None)
    written = await order.connection.execute(
        insert(payment_intents)
        .values(
            key=key,
            order_id=order.id,
            step=move.step.value,
            n=n,
            amount=drawn.amount,
            final=drawn.final,
            renews=move.renews,
            authorization=drawn.reference,
            token=order.values["payment_token"] if authorizes else None,
            created_at=order.now,
        )
        .returning(payment_intents)
    )
    row: Row[Any] = written.one()
    return row


@dataclass(frozen=True, slots=True)
class _Drawn:
    reference: str | None
    amount: int
    final: bool = False


async def _drawn_on(order: LockedOrder, move: MoneyMove) -> _Drawn:
    """The authorization that an effect acts on, and how much of the effect it can bear."""
    match move.step:
        case MoneyStep.AUTHORIZE:
            return _Drawn(None, move.amount)
        case MoneyStep.REFUND:
            return await _captured_on(order, move.amount)
        case MoneyStep.VOID if order.values["abandoned"]:
            return await _abandoned_on(order)
    lets_go = move.step is MoneyStep.VOID and order.values["superseded"]
    held = (await holding(order, "superseded" if lets_go else "succeeded"))[0]
    if move.step is MoneyStep.VOID:
        return _Drawn(held.reference, held.held)
    amount = min(move.amount, held.held)
    final = move.final and (order.money.single_capture is not None or amount == held.held)
    return _Drawn(held.reference, amount, final)


async def _abandoned_on(order: LockedOrder) -> _Drawn:
    """The authorization that nobody waits for any more, which is asked to be let go of here and now."""
    row = await _abandoned(order)
    order.set(abandoned=0)
    return _Drawn(row.reference, row.amount)


async def _abandoned(order: LockedOrder) -> Row[Any]:
    """The authorization that is given up; without a reference while nobody knows whether it was taken."""
    found = await order.connection.execute(
        select(payment_intents)
        .where(payment_intents.c.order_id == order.id, payment_intents.c.status == "abandoned")
        .order_by(payment_intents.c.n.desc())
        .limit(1)
    )
    return found.one()


async def _captured_on(order: LockedOrder, amount: int) -> _Drawn:
    """The first authorization of which captured money is left to give back."""
    intent = payment_intents.c
    kept = func.sum(case((intent.step == MoneyStep.CAPTURE.value, intent.amount), else_=-intent.amount))
    found = await order.connection.execute(
        select(intent.authorization, kept.label("kept"))
        .where(
            intent.order_id == order.id,
            intent.status == "succeeded",
            intent.step.in_((MoneyStep.CAPTURE.value, MoneyStep.REFUND.value)),
        )
        .group_by(intent.authorization)
        .having(kept > 0)
        .order_by(func.min(intent.n), intent.authorization)
        .limit(1)
    )
    row = found.one()
    return _Drawn(row.authorization, min(amount, int(row.kept)))


async def _abandoned_by(order: LockedOrder, row: Row[Any]) -> PaymentRequest | None:
    if row.step != MoneyStep.VOID.value:
        return None
    held = await authorization_of(order, row.authorization)
    waits = held is not None and held.status == "abandoned"
    return request_of(order, held) if held is not None and waits else None


def request_of(order: LockedOrder, row: Row[Any]) -> PaymentRequest:
    """An intent as it is asked for: the same for the same key, always."""
    return PaymentRequest(
        order_id=order.id,
        step=MoneyStep(row.step),
        idempotency_key=row.key,
        amount=row.amount,
        currency=order.values["currency"],
        token=_token(order, row),
        authorization=row.authorization,
        final=row.final,
    )


def _token(order: LockedOrder, row: Row[Any]) -> str | None:
    """Intents of before tokens were kept with them were for the order's one token."""
    if row.step != MoneyStep.AUTHORIZE.value:
        return None
    return str(row.token or order.values["payment_token"])
