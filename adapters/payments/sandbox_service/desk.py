"""The provider's desk: one keyed operation in, its one answer out, everything in one transaction."""

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.payments.sandbox_service import effects
from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.database import Database
from adapters.payments.sandbox_service.effects import Effect
from adapters.payments.sandbox_service.records import (
    Answer,
    Entry,
    add_operation,
    find_answer,
    lock_authorization,
    lock_key,
    take_turn,
)
from adapters.payments.sandbox_service.refusals import UNKNOWN_AUTHORIZATION, Refusal, Refused
from adapters.payments.sandbox_service.tokens import Script, script_of
from adapters.payments.sandbox_service.transaction import Transaction
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep, PaymentRequest

_APPLIED: Final = declare("psp-applied", "the provider's effect is written, not yet committed")

_DOWN: Final = Answer(503, json.dumps({"code": "unavailable"}))
_NOT_THERE: Final = Answer(404, json.dumps(asdict(UNKNOWN_AUTHORIZATION)))


class KeyReusedError(Exception):
    """The key came before, with another request."""


class Desk:
    """Serves keyed operations. `short_validity`: how long an authorization of tok_expires_soon holds."""

    def __init__(self, database: Database, short_validity: timedelta) -> None:
        self._database = database
        self._short_validity = short_validity

    async def serve(self, request: PaymentRequest) -> tuple[Answer, bool]:
        """Return the key's one answer, and whether it is to come late; the effect is committed.

        KeyReusedError for another request under the same key.
        """
        async with self._database.transaction() as transaction:
            await lock_key(transaction, request.idempotency_key)
            known = await find_answer(transaction, request.idempotency_key)
            if known is None:
                return await self._serve_first(transaction, request)
            fingerprint, answer = known
            if fingerprint != _fingerprint(request):
                raise KeyReusedError
            return answer, False

    async def _serve_first(self, transaction: Transaction, request: PaymentRequest) -> tuple[Answer, bool]:
        held: Authorization | None = None
        token = request.token
        if request.authorization is not None:
            held = await lock_authorization(transaction, request.authorization, request.order_id)
            token = held.token if held else None
        if token is None:
            return _NOT_THERE, False
        script = script_of(token)
        if await _is_down(transaction, request, token, script):
            return _DOWN, False
        try:
            effect = await self._carry_out(transaction, request, held, token)
        except Refused as refused:
            entry = _refused(request, refused.refusal)
        else:
            entry = _succeeded(request, effect, script)
        await add_operation(transaction, entry)
        failpoint(_APPLIED)
        return entry.answer, script.answers_late

    async def _carry_out(
        self,
        transaction: Transaction,
        request: PaymentRequest,
        held: Authorization | None,
        token: str,
    ) -> Effect:
        script, now = script_of(token), datetime.now(UTC)
        if held:
            return await effects.change(transaction, request, held=held, script=script, now=now)
        expires_at = now + self._short_validity if script.expires_soon else None
        return await effects.authorize(
            transaction, request, token=token, script=script, expires_at=expires_at
        )


async def _is_down(transaction: Transaction, request: PaymentRequest, token: str, script: Script) -> bool:
    if not script.outages:
        return False
    subject = f"key {request.idempotency_key}"
    turn = await take_turn(transaction, order_id=request.order_id, token=token, subject=subject)
    return turn <= script.outages


def _succeeded(request: PaymentRequest, effect: Effect, script: Script) -> Entry:
    after = effect.authorization
    body = {
        "reference": effect.reference,
        "authorization": after.reference,
        "state": after.state(datetime.now(UTC)),
        "amount": effect.moved,
        "risk": script.risk,
        "expires_at": after.expires_at and after.expires_at.isoformat(),
    }
    answer = Answer(201, json.dumps(body))
    return _entry(request, effect.moved, "succeeded", after.reference, answer)


def _refused(request: PaymentRequest, refusal: Refusal) -> Entry:
    status = "declined" if request.step is MoneyStep.AUTHORIZE else "failed"
    answer = Answer(402, json.dumps(asdict(refusal)))
    return _entry(request, request.amount, status, request.authorization, answer)


def _entry(
    request: PaymentRequest, amount: int, status: str, authorized_as: str | None, answer: Answer
) -> Entry:
    return Entry(
        key=request.idempotency_key,
        fingerprint=_fingerprint(request),
        order_id=request.order_id,
        kind=request.step.value,
        amount=amount,
        currency=request.currency,
        status=status,
        authorized_as=authorized_as,
        answer=answer,
    )


def _fingerprint(request: PaymentRequest) -> str:
    said = [
        request.step.value,
        request.order_id,
        request.amount,
        request.currency,
        request.token,
        request.authorization,
        request.final,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
