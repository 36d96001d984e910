"""The provider's desk: one keyed operation in, its one answer out, everything in one transaction."""

import json
from datetime import datetime
from typing import Final

from adapters.payments.sandbox_service import effects
from adapters.payments.sandbox_service.answers import done, undecided, worded
from adapters.payments.sandbox_service.asked import Asked
from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.database import Database
from adapters.payments.sandbox_service.effects import Effect
from adapters.payments.sandbox_service.faults import FaultsByOrder
from adapters.payments.sandbox_service.records import (
    Answer,
    Entry,
    Undecided,
    add_operation,
    find_answer,
    lock_authorization,
    lock_key,
    take_turn,
)
from adapters.payments.sandbox_service.refusals import UNKNOWN_AUTHORIZATION, Refusal, Refused
from adapters.payments.sandbox_service.terms import Terms
from adapters.payments.sandbox_service.tokens import script_of
from adapters.payments.sandbox_service.transaction import Transaction
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep

_APPLIED: Final = declare("psp-applied", "the provider's effect is written, not yet committed")

_DOWN: Final = Answer(503, json.dumps({"code": "unavailable"}))
_NO_REQUEST: Final = Answer(422, json.dumps({"code": "not_taken"}))
_NOT_THERE: Final = Answer(404, json.dumps(UNKNOWN_AUTHORIZATION.body()))


class KeyReusedError(Exception):
    """The key came before, with another request."""


class Desk:
    """Serves keyed operations."""

    def __init__(self, database: Database, terms: Terms, faults: FaultsByOrder) -> None:
        self._database = database
        self._terms = terms
        self._faults = faults

    async def serve(self, asked: Asked) -> tuple[Answer, bool]:
        """Return the key's one answer, and whether it is to come late; the effect is committed.

        KeyReusedError for another request under the same key.
        """
        async with self._database.transaction() as transaction:
            await lock_key(transaction, asked.idempotency_key)
            known = await find_answer(transaction, asked.idempotency_key)
            if known is None:
                return await self._serve_first(transaction, asked)
            fingerprint, answer = known
            if fingerprint != asked.fingerprint:
                raise KeyReusedError
            return answer, False

    async def _serve_first(self, transaction: Transaction, asked: Asked) -> tuple[Answer, bool]:
        held: Authorization | None = None
        token = asked.token
        if asked.authorization is not None:
            held = await lock_authorization(transaction, asked.authorization)
            if held and (held.order_id, held.account) != (asked.order_id, asked.account):
                held = None
            token = held.token if held else None
        if token is None:
            return _NOT_THERE, False
        if await _is_down(transaction, asked, token):
            return _DOWN, False
        if await _is_not_taken(transaction, asked, token):
            return _NO_REQUEST, False
        entry = await self._carry_out(transaction, asked, held, token)
        await add_operation(transaction, entry)
        failpoint(_APPLIED)
        faults = self._faults.of(asked.order_id)
        late = script_of(token).answers_late or faults.answers_late(asked.idempotency_key)
        return entry.answer, late

    async def _carry_out(
        self, transaction: Transaction, asked: Asked, held: Authorization | None, token: str
    ) -> Entry:
        terms, now = self._terms, self._terms.clock()
        try:
            if held:
                effect = await effects.change(transaction, asked, held=held, terms=terms, now=now)
            else:
                effect = await effects.authorize(transaction, asked, token=token, terms=terms, now=now)
        except Refused as refused:
            return _refused(asked, refused.refusal)
        return _taken(asked, effect) if effect.later else _succeeded(asked, effect, terms, now)


async def _is_down(transaction: Transaction, asked: Asked, token: str) -> bool:
    outages = script_of(token).outages
    if not outages:
        return False
    subject = f"key {asked.idempotency_key}"
    turn = await take_turn(transaction, order_id=asked.order_id, token=token, subject=subject)
    return turn <= outages


async def _is_not_taken(transaction: Transaction, asked: Asked, token: str) -> bool:
    if asked.step is not MoneyStep.AUTHORIZE or not script_of(token).takes_no_further:
        return False
    subject = asked.step.value
    return await take_turn(transaction, order_id=asked.order_id, token=token, subject=subject) > 1


def _succeeded(asked: Asked, effect: Effect, terms: Terms, now: datetime) -> Entry:
    after, moved = effect.authorization, effect.moved
    fee = terms.fees.of(moved) if asked.step is MoneyStep.CAPTURE else 0
    answer = Answer(201, worded(done(effect.reference, after, moved, fee=fee, now=now)))
    comes_back = Undecided(effect.comes_back_at, fails=True) if effect.comes_back_at else Undecided()
    return Entry(asked, moved, "succeeded", after.reference, answer, fee=fee, later=comes_back)


def _taken(asked: Asked, effect: Effect) -> Entry:
    after = effect.authorization
    answer = Answer(202, worded(undecided(effect.reference, after, asked.service_url)))
    return Entry(asked, effect.moved, "pending", after.reference, answer, later=effect.later or Undecided())


def _refused(asked: Asked, refusal: Refusal) -> Entry:
    status = "declined" if asked.step is MoneyStep.AUTHORIZE else "failed"
    return Entry(asked, asked.amount, status, asked.authorization, Answer(402, worded(refusal.body())))
