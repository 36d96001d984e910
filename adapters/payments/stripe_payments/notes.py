"""What we write into Stripe's metadata, so that every effect in its books tells which of ours it is.

An intent carries its order and, one entry each, the keys of its authorization, its captures and its void; a
refund carries its own. Stripe keeps 50 entries, so one authorization bears 46 captures of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from adapters.payments.stripe_payments.reading import told
from domain.payment import PaymentRequest

ORDER: Final = "order_id"
AUTHORIZE: Final = "authorize"
REFUND: Final = "refund"
_VOID: Final = "void"
_VOIDED_AT: Final = "void_at"
_CAPTURE: Final = "capture:"
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Noted:
    """One effect that is noted on an intent; `amount` in our minor units, 0 where none is noted."""

    key: str
    amount: int = 0
    at: datetime | None = None


def for_authorization(request: PaymentRequest) -> dict[str, str]:
    """Return what a new intent carries."""
    return {ORDER: request.order_id, AUTHORIZE: request.idempotency_key}


def for_capture(request: PaymentRequest) -> dict[str, str]:
    """Return what a capture adds to its intent."""
    number = request.idempotency_key.rpartition(":")[2]
    return {f"{_CAPTURE}{number}"[:_LONGEST_NAME]: f"{request.amount} {request.idempotency_key}"}


def for_void(request: PaymentRequest, now: datetime) -> dict[str, str]:
    """Return what is added to an intent before it is voided: a cancellation takes no notes itself."""
    return {_VOID: request.idempotency_key, _VOIDED_AT: now.isoformat(timespec="seconds")}


def for_refund(request: PaymentRequest) -> dict[str, str]:
    """Return what a new refund carries."""
    return {ORDER: request.order_id, REFUND: request.idempotency_key}


def order_of(noted: object) -> str | None:
    """Tell whose an intent, a charge or a refund is; None when it is not ours."""
    return _metadata(noted).get(ORDER)


def key_of(noted: object, name: str) -> str | None:
    """Return the key that is noted under AUTHORIZE or REFUND."""
    return _metadata(noted).get(name)


def captures_of(intent: object) -> list[Noted]:
    """Return the captures that are noted on an intent, in the order of their numbers."""
    written = [
        (len(name), name, text) for name, text in _metadata(intent).items() if name.startswith(_CAPTURE)
    ]
    pairs = [text.split(" ", 1) for *_, text in sorted(written)]
    return [Noted(key, int(amount)) for amount, key in pairs]


def void_of(intent: object) -> Noted | None:
    """Return the void that is noted on an intent; the note alone does not say that it was done."""
    metadata = _metadata(intent)
    if _VOID not in metadata:
        return None
    return Noted(metadata[_VOID], at=datetime.fromisoformat(metadata[_VOIDED_AT]).astimezone(UTC))


def _metadata(noted: object) -> Mapping[str, Any]:
    metadata = told(noted, "metadata")
    return metadata.to_dict() if metadata is not None else {}
