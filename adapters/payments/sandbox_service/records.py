"""The statements that read and write the provider's rows, each inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters.payments.sandbox_service.accounts import Account
from adapters.payments.sandbox_service.answers import worded
from adapters.payments.sandbox_service.asked import Asked
from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.refusals import AUTHORIZATION_CALLED_OFF
from adapters.payments.sandbox_service.transaction import Transaction

_AUTHORIZATION: Final = """reference, order_id, token, currency, authorized, captured, capturing, released,
    refunded, refunding, expires_at, waits, single_capture, account"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the caller: an HTTP status and the JSON text of the body."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """How what was taken is decided later: by itself at a time, or by the customer (None).

    Of a refund that has succeeded: when it fails after all.
    """

    decide_at: datetime | None = None
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the books keep it. `amount` is what moved, or what was asked for in vain."""

    asked: Asked
    amount: int
    status: str
    authorized_as: str | None
    answer: Answer
    fee: int = 0
    later: Undecided = Undecided()


async def lock_key(transaction: Transaction, key: str) -> None:
    """Let one call of a key in at a time; the others wait here and then find its record."""
    await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended('psp:' || $1, 0))", key)


async def find_answer(transaction: Transaction, key: str) -> tuple[str, Answer] | None:
    """Return the fingerprint and the answer of a key that was used before."""
    row = await transaction.fetchrow(
        "SELECT fingerprint, answer_status, answer FROM psp.operations WHERE idempotency_key = $1",
        key,
    )
    if row is None:
        return None
    return row["fingerprint"], Answer(row["answer_status"], row["answer"])


async def take_turn(transaction: Transaction, *, order_id: str, token: str, subject: str) -> int:
    """Count one more turn of a scripted token, and return which one it is, from 1."""
    turn: int = await transaction.fetchval(
        """INSERT INTO psp.token_turns AS t (order_id, token, subject, turns)
           VALUES ($1, $2, $3, 1)
           ON CONFLICT (order_id, token, subject) DO UPDATE SET turns = t.turns + 1
           RETURNING turns""",
        order_id,
        token,
        subject,
    )
    return turn


async def lock_authorization(transaction: Transaction, reference: str) -> Authorization | None:
    """Return an authorization, locked until the transaction ends."""
    query = f"SELECT {_AUTHORIZATION} FROM psp.authorizations WHERE reference = $1 FOR UPDATE"  # noqa: S608
    row = await transaction.fetchrow(query, reference)
    return None if row is None else Authorization(**{**row, "account": Account(row["account"])})


async def add_authorization(transaction: Transaction, new: Authorization) -> None:
    """Insert a fresh authorization: nothing captured, released or refunded yet."""
    await transaction.execute(
        """INSERT INTO psp.authorizations
               (reference, order_id, token, currency, authorized, expires_at, waits, single_capture,
                account)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        new.reference,
        new.order_id,
        new.token,
        new.currency,
        new.authorized,
        new.expires_at,
        new.waits,
        new.single_capture,
        new.account,
    )


async def save_authorization(transaction: Transaction, changed: Authorization) -> None:
    """Write back an authorization that this transaction has locked."""
    await transaction.execute(
        """UPDATE psp.authorizations
           SET captured = $2, capturing = $3, released = $4, refunded = $5, refunding = $6,
               expires_at = $7, waits = $8
           WHERE reference = $1""",
        changed.reference,
        changed.captured,
        changed.capturing,
        changed.released,
        changed.refunded,
        changed.refunding,
        changed.expires_at,
        changed.waits,
    )


async def add_operation(transaction: Transaction, entry: Entry) -> None:
    """Enter one operation in the books, together with the answer that every repeat will get."""
    asked = entry.asked
    await transaction.execute(
        """INSERT INTO psp.operations
               (idempotency_key, fingerprint, order_id, kind, amount, currency, fee, status, authorized_as,
                answer_status, answer, final, decide_at, fails, account)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)""",
        asked.idempotency_key,
        asked.fingerprint,
        asked.order_id,
        asked.step.value,
        entry.amount,
        asked.currency,
        entry.fee,
        entry.status,
        entry.authorized_as,
        entry.answer.status,
        entry.answer.body,
        asked.final,
        entry.later.decide_at,
        entry.later.fails,
        asked.account,
    )


async def call_off_authorize(transaction: Transaction, reference: str) -> None:
    """Let the books say that an authorization which waited for its customer came to nothing."""
    await transaction.execute(
        """UPDATE psp.operations SET status = 'declined', decided = $2, at = clock_timestamp()
           WHERE authorized_as = $1 AND kind = 'authorize' AND status = 'pending'""",
        reference,
        worded(AUTHORIZATION_CALLED_OFF.body()),
    )
