"""The four effects: each changes one authorization inside the caller's transaction, or is refused."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from adapters.payments.sandbox_service.accounts import Account
from adapters.payments.sandbox_service.asked import Asked
from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.records import (
    Undecided,
    add_authorization,
    call_off_authorize,
    save_authorization,
    take_turn,
)
from adapters.payments.sandbox_service.refusals import CURRENCY_MISMATCH, Refusal, Refused
from adapters.payments.sandbox_service.terms import Terms
from adapters.payments.sandbox_service.tokens import Script, script_of
from adapters.payments.sandbox_service.transaction import Transaction
from domain.payment import MoneyStep


@dataclass(frozen=True, slots=True)
class Effect:
    """What was done: the provider's reference of it, the authorization after it, and what moved.

    With `later` it was only taken, and the authorization keeps the money for it. `comes_back_at`: when a
    refund that succeeded fails after all.
    """

    reference: str
    authorization: Authorization
    moved: int
    later: Undecided | None = None
    comes_back_at: datetime | None = None


async def authorize(
    transaction: Transaction, asked: Asked, *, token: str, terms: Terms, now: datetime
) -> Effect:
    """Set money aside, or ask the customer first. Refused when the token's script says so."""
    script = script_of(token)
    if script.every_authorization:
        raise Refused(script.every_authorization)
    first = script.first_authorizations
    if first and await _turn(transaction, asked, token) <= script.refusals:
        raise Refused(first)
    further = script.further_authorizations
    if further and await _turn(transaction, asked, token) > 1:
        raise Refused(further)
    new = Authorization(
        reference=_reference("auth"),
        order_id=asked.order_id,
        token=token,
        currency=asked.currency,
        authorized=asked.amount,
        expires_at=None if script.asks_customer else terms.end_of(script, now),
        waits=script.asks_customer,
        single_capture=script.single_capture or asked.account is Account.SINGLE,
        account=asked.account,
    )
    await add_authorization(transaction, new)
    return Effect(new.reference, new, asked.amount, Undecided() if script.asks_customer else None)


async def change(
    transaction: Transaction, asked: Asked, *, held: Authorization, terms: Terms, now: datetime
) -> Effect:
    """Capture from, void or refund an authorization that this transaction has locked."""
    if asked.currency != held.currency:
        raise Refused(CURRENCY_MISMATCH)
    later = await _play(transaction, asked, held, now + terms.settles_after)
    changed, moved = _apply(asked, held, now, later=later is not None)
    await save_authorization(transaction, changed)
    if asked.step is MoneyStep.VOID and held.waits:
        await call_off_authorize(transaction, held.reference)
    comes_back = script_of(held.token).first_refund_comes_back and asked.step is MoneyStep.REFUND
    if comes_back and await _turn(transaction, asked, held.token) == 1:
        comes_back_at = now + terms.comes_back_after
        return Effect(_reference(asked.step.value), changed, moved, comes_back_at=comes_back_at)
    return Effect(_reference(asked.step.value), changed, moved, later)


async def _play(
    transaction: Transaction, asked: Asked, held: Authorization, decide_at: datetime
) -> Undecided | None:
    """Play the token's part in this step: Refused, or decided later, or neither."""
    script = script_of(held.token)
    refusal = _first_refusal(script, asked.step)
    later = script.later if script.later and script.later.step is asked.step else None
    if not refusal and not (later and later.fails):
        return Undecided(decide_at) if later else None
    if await _turn(transaction, asked, held.token) > 1:
        return None
    if refusal:
        raise Refused(refusal)
    return Undecided(decide_at, fails=True)


def _first_refusal(script: Script, step: MoneyStep) -> Refusal | None:
    match step:
        case MoneyStep.CAPTURE:
            return script.first_capture
        case MoneyStep.REFUND:
            return script.first_refund
        case _:
            return None


def _apply(asked: Asked, held: Authorization, now: datetime, *, later: bool) -> tuple[Authorization, int]:
    amount = asked.amount
    match asked.step:
        case MoneyStep.CAPTURE if later:
            return held.begin_capture(amount, now), amount
        case MoneyStep.CAPTURE:
            return held.capture(amount, now, final=asked.final), amount
        case MoneyStep.VOID:
            return held.void(now), 0 if held.waits else held.left
        case MoneyStep.REFUND:
            return held.begin_refund(amount) if later else held.refund(amount), amount
        case MoneyStep.AUTHORIZE:
            raise ValueError("an authorization is made, not changed")


async def _turn(transaction: Transaction, asked: Asked, token: str) -> int:
    return await take_turn(transaction, order_id=asked.order_id, token=token, subject=asked.step.value)


def _reference(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"
