"""The notices that are to be sent: written with the decision that they tell, kept until they have arrived."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.payments.sandbox_service.accounts import Account
from adapters.payments.sandbox_service.transaction import Transaction

DECIDED: Final = "payment.decided"
LEASE: Final = timedelta(seconds=6)
"""How long a notice is one sender's; a sender that died leaves it to the next one after that."""
_FIRST_PAUSE: Final = timedelta(seconds=0.5)
_LONGEST_PAUSE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice on its way; `attempts` counts the present one."""

    seq: int
    account: str
    event_id: str
    body: str
    attempts: int

    @property
    def pause(self) -> timedelta:
        """How long to wait after this attempt when it fails."""
        doublings: int = 2 ** min(self.attempts - 1, 20)
        return min(_FIRST_PAUSE * doublings, _LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Sending:
    """How a notice goes out: to whom, how often, and after how long."""

    account: Account
    deliveries: int
    held_back: timedelta


async def add_notice(
    transaction: Transaction, data: Mapping[str, Any], *, at: datetime, sending: Sending
) -> None:
    """Write the one notice of what became of a key."""
    key = str(data["idempotency_key"])
    event_id = f"evt_{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    event = {
        "id": event_id,
        "source": sending.account,
        "type": DECIDED,
        "subject": data["order_id"],
        "time": at.astimezone(UTC).isoformat(),
        "data": data,
    }
    await transaction.execute(
        """INSERT INTO psp.notices (account, event_id, body, deliveries, next_at)
           VALUES ($1, $2, $3, $4, clock_timestamp() + $5::interval)""",
        sending.account,
        event_id,
        json.dumps(event),
        sending.deliveries,
        sending.held_back,
    )


async def claim_notice(transaction: Transaction) -> Notice | None:
    """Take the oldest notice that is due, so that no other sender does for a while."""
    row = await transaction.fetchrow(
        """UPDATE psp.notices SET attempts = attempts + 1, next_at = clock_timestamp() + $1::interval
           WHERE seq = (SELECT seq FROM psp.notices
                        WHERE deliveries > 0 AND next_at <= clock_timestamp()
                        ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING seq, account, event_id, body, attempts""",
        LEASE,
    )
    return None if row is None else Notice(**row)


async def mark_delivered(transaction: Transaction, notice: Notice) -> None:
    """Count one delivery; a further one that is wanted is due at once."""
    await transaction.execute(
        """UPDATE psp.notices SET deliveries = deliveries - 1, attempts = 0, next_at = clock_timestamp()
           WHERE seq = $1 AND deliveries > 0""",
        notice.seq,
    )


async def put_off(transaction: Transaction, notice: Notice) -> None:
    """Try again after a pause that grows with the attempts."""
    await transaction.execute(
        "UPDATE psp.notices SET next_at = clock_timestamp() + $2::interval WHERE seq = $1",
        notice.seq,
        notice.pause,
    )
