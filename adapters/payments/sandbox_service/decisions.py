"""What was taken and is decided later: its decision, and the news of it for the merchant."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from adapters.payments.sandbox_service.answers import done, worded
from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.database import Database
from adapters.payments.sandbox_service.faults import FaultsByOrder
from adapters.payments.sandbox_service.notices import Sending, add_notice
from adapters.payments.sandbox_service.records import lock_authorization, save_authorization
from adapters.payments.sandbox_service.refusals import (
    AUTHENTICATION_FAILED,
    CAPTURE_FAILED,
    REFUND_CAME_BACK,
    REFUND_FAILED,
    Refusal,
)
from adapters.payments.sandbox_service.terms import Terms
from adapters.payments.sandbox_service.tokens import script_of
from adapters.payments.sandbox_service.transaction import Transaction
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep

_DECIDED: Final = declare("psp-decided", "a later decision and its notice are written, not yet committed")
_AT_ONCE: Final = 50
_FAILURES: Final = {
    MoneyStep.AUTHORIZE: AUTHENTICATION_FAILED,
    MoneyStep.CAPTURE: CAPTURE_FAILED,
    MoneyStep.REFUND: REFUND_FAILED,
}


class Challenge(StrEnum):
    """How the customer's confirmation stands, by the status of the authorization that waits for it."""

    OPEN = "pending"
    PASSED = "succeeded"
    FAILED = "declined"


@dataclass(frozen=True, slots=True)
class _Taken:
    """An operation that is to be decided; `reference` is its own. `done`: it has succeeded, and fails now."""

    key: str
    order_id: str
    step: MoneyStep
    amount: int
    currency: str
    reference: str
    final: bool
    done: bool

    @property
    def failure(self) -> Refusal:
        """What it is answered when it fails."""
        return REFUND_CAME_BACK if self.done else _FAILURES[self.step]


class Decisions:
    """Decides each operation that was only taken, once: when its time has come, or as its customer says.

    A refund that is to come back fails when its time has come, once as well.
    """

    def __init__(self, database: Database, terms: Terms, faults: FaultsByOrder) -> None:
        self._database = database
        self._terms = terms
        self._faults = faults

    async def decide_due(self) -> bool:
        """Decide what is due, each in a transaction of its own; tell whether there was anything."""
        async with self._database.transaction() as transaction:
            due = await transaction.fetch(
                """SELECT idempotency_key, authorized_as, fails FROM psp.operations
                   WHERE (status = 'pending' OR status = 'succeeded' AND fails) AND decide_at <= $1
                   ORDER BY decide_at LIMIT $2""",
                self._terms.clock(),
                _AT_ONCE,
            )
        for row in due:
            async with self._database.transaction() as transaction:
                held = await lock_authorization(transaction, row["authorized_as"])
                taken = await _lock_taken(transaction, row["idempotency_key"])
                if held and taken:
                    await self._decide(transaction, taken, held, succeeds=not row["fails"])
        return bool(due)

    async def challenge(self, reference: str) -> Challenge | None:
        """Tell how the customer's confirmation stands; None when there is nothing to confirm."""
        async with self._database.transaction() as transaction:
            found = await _find_challenge(transaction, reference)
        return found and found[1]

    async def end_challenge(self, reference: str, *, passed: bool) -> Challenge | None:
        """Decide as the customer says, if it is still open; tell how it stands."""
        async with self._database.transaction() as transaction:
            held = await lock_authorization(transaction, reference)
            found = await _find_challenge(transaction, reference)
            if held is None or found is None:
                return None
            key, stands = found
            taken = await _lock_taken(transaction, key)
            if taken is None:
                return stands
            await self._decide(transaction, taken, held, succeeds=passed)
        return Challenge.PASSED if passed else Challenge.FAILED

    async def _decide(
        self, transaction: Transaction, taken: _Taken, held: Authorization, *, succeeds: bool
    ) -> None:
        now = self._terms.clock()
        changed = self._changed(taken, held, now, succeeds=succeeds)
        await save_authorization(transaction, changed)
        fee = self._terms.fees.of(taken.amount) if succeeds and taken.step is MoneyStep.CAPTURE else 0
        if succeeds:
            status, answer = "succeeded", done(taken.reference, changed, taken.amount, fee=fee, now=now)
        else:
            status = "declined" if taken.step is MoneyStep.AUTHORIZE else "failed"
            answer = taken.failure.body()
        at: datetime = await transaction.fetchval(
            """UPDATE psp.operations SET status = $2, decided = $3, fee = $4,
                   at = CASE WHEN $5 THEN at ELSE clock_timestamp() END
               WHERE idempotency_key = $1 RETURNING CASE WHEN $5 THEN clock_timestamp() ELSE at END""",
            taken.key,
            status,
            worded(answer),
            fee,
            taken.done,
        )
        news = {
            "order_id": taken.order_id,
            "kind": taken.step,
            "idempotency_key": taken.key,
            "amount": taken.amount,
            "currency": taken.currency,
            "status": status,
            "answer": answer,
        }
        faults, key = self._faults.of(taken.order_id), taken.key
        sending = Sending(held.account, faults.deliveries(key), faults.held_back(key))
        await add_notice(transaction, news, at=at, sending=sending)
        failpoint(_DECIDED)

    def _changed(self, taken: _Taken, held: Authorization, now: datetime, *, succeeds: bool) -> Authorization:
        match taken.step:
            case MoneyStep.AUTHORIZE if succeeds:
                return held.confirm(self._terms.end_of(script_of(held.token), now))
            case MoneyStep.AUTHORIZE:
                return held.call_off()
            case MoneyStep.CAPTURE if succeeds:
                return held.settle_capture(taken.amount, final=taken.final)
            case MoneyStep.CAPTURE:
                return held.drop_capture(taken.amount)
            case MoneyStep.REFUND if succeeds:
                return held.settle_refund(taken.amount)
            case MoneyStep.REFUND:
                give_up = held.take_back_refund if taken.done else held.drop_refund
                return give_up(taken.amount)
            case MoneyStep.VOID:
                raise ValueError("a void is never decided later")


async def _find_challenge(transaction: Transaction, reference: str) -> tuple[str, Challenge] | None:
    row = await transaction.fetchrow(
        """SELECT idempotency_key, status FROM psp.operations
           WHERE authorized_as = $1 AND kind = 'authorize' AND answer_status = 202""",
        reference,
    )
    return None if row is None else (row["idempotency_key"], Challenge(row["status"]))


async def _lock_taken(transaction: Transaction, key: str) -> _Taken | None:
    """Return an operation that is still to be decided; its authorization is locked already."""
    row = await transaction.fetchrow(
        """SELECT order_id, kind, amount, currency, final, answer, status FROM psp.operations
           WHERE idempotency_key = $1 AND (status = 'pending' OR status = 'succeeded' AND fails)
           FOR UPDATE""",
        key,
    )
    if row is None:
        return None
    return _Taken(
        key=key,
        order_id=row["order_id"],
        step=MoneyStep(row["kind"]),
        amount=row["amount"],
        currency=row["currency"],
        reference=json.loads(row["answer"])["reference"],
        final=row["final"],
        done=row["status"] == "succeeded",
    )
