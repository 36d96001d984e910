"""The four effects: each changes one authorization inside the caller's transaction, or is refused."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.records import (
    add_authorization,
    save_authorization,
    take_turn,
)
from adapters.payments.sandbox_service.refusals import CURRENCY_MISMATCH, Refused
from adapters.payments.sandbox_service.tokens import Script
from adapters.payments.sandbox_service.transaction import Transaction
from domain.payment import MoneyStep, PaymentRequest


@dataclass(frozen=True, slots=True)
class Effect:
    """What was done: the provider's reference of it, the authorization after it, and what moved."""

    reference: str
    authorization: Authorization
    moved: int


async def authorize(
    transaction: Transaction,
    request: PaymentRequest,
    *,
    token: str,
    script: Script,
    expires_at: datetime | None,
) -> Effect:
    """Set money aside. Refused when the token's script says so."""
    if script.every_authorization:
        raise Refused(script.every_authorization)
    first = script.first_authorization
    if first and await _is_first(transaction, request, token):
        raise Refused(first)
    new = Authorization(
        reference=_reference("auth"),
        order_id=request.order_id,
        token=token,
        currency=request.currency,
        authorized=request.amount,
        expires_at=expires_at,
    )
    await add_authorization(transaction, new)
    return Effect(new.reference, new, request.amount)


async def change(
    transaction: Transaction,
    request: PaymentRequest,
    *,
    held: Authorization,
    script: Script,
    now: datetime,
) -> Effect:
    """Capture from, void or refund an authorization that this transaction has locked."""
    if request.currency != held.currency:
        raise Refused(CURRENCY_MISMATCH)
    capturing = request.step is MoneyStep.CAPTURE
    if capturing and script.first_capture and await _is_first(transaction, request, held.token):
        raise Refused(script.first_capture)
    changed, moved = _apply(request, held, now)
    await save_authorization(transaction, changed)
    return Effect(_reference(request.step.value), changed, moved)


def _apply(request: PaymentRequest, held: Authorization, now: datetime) -> tuple[Authorization, int]:
    match request.step:
        case MoneyStep.CAPTURE:
            return held.capture(request.amount, now, final=request.final), request.amount
        case MoneyStep.VOID:
            return held.void(now), held.left
        case MoneyStep.REFUND:
            return held.refund(request.amount), request.amount
        case MoneyStep.AUTHORIZE:
            raise ValueError("an authorization is made, not changed")


async def _is_first(transaction: Transaction, request: PaymentRequest, token: str) -> bool:
    turn = await take_turn(transaction, order_id=request.order_id, token=token, subject=request.step.value)
    return turn == 1


def _reference(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"
