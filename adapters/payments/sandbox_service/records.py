"""The statements that read and write the provider's rows, each inside the caller's transaction."""

from dataclasses import dataclass

from adapters.payments.sandbox_service.authorization import Authorization
from adapters.payments.sandbox_service.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the caller: an HTTP status and the JSON text of the body."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the books keep it. `amount` is what moved, or what was asked for in vain."""

    key: str
    fingerprint: str
    order_id: str
    kind: str
    amount: int
    currency: str
    status: str
    authorized_as: str | None
    answer: Answer


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


async def lock_authorization(transaction: Transaction, reference: str, order_id: str) -> Authorization | None:
    """Return the order's authorization, locked until the transaction ends."""
    row = await transaction.fetchrow(
        """SELECT reference, order_id, token, currency, authorized, captured, released, refunded,
                  expires_at
           FROM psp.authorizations WHERE reference = $1 AND order_id = $2 FOR UPDATE""",
        reference,
        order_id,
    )
    return None if row is None else Authorization(**row)


async def add_authorization(transaction: Transaction, new: Authorization) -> None:
    """Insert a fresh authorization: nothing captured, released or refunded yet."""
    await transaction.execute(
        """INSERT INTO psp.authorizations
               (reference, order_id, token, currency, authorized, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        new.reference,
        new.order_id,
        new.token,
        new.currency,
        new.authorized,
        new.expires_at,
    )


async def save_authorization(transaction: Transaction, changed: Authorization) -> None:
    """Write back the amounts of an authorization that this transaction has locked."""
    await transaction.execute(
        """UPDATE psp.authorizations SET captured = $2, released = $3, refunded = $4
           WHERE reference = $1""",
        changed.reference,
        changed.captured,
        changed.released,
        changed.refunded,
    )


async def add_operation(transaction: Transaction, entry: Entry) -> None:
    """Enter one operation in the books, together with the answer that every repeat will get."""
    await transaction.execute(
        """INSERT INTO psp.operations
               (idempotency_key, fingerprint, order_id, kind, amount, currency, status, authorized_as,
                answer_status, answer)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        entry.key,
        entry.fingerprint,
        entry.order_id,
        entry.kind,
        entry.amount,
        entry.currency,
        entry.status,
        entry.authorized_as,
        entry.answer.status,
        entry.answer.body,
    )
