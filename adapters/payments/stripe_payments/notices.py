"""What Stripe tells by itself: events, signed, possibly twice, late and in any order.

Each is read from the object it carries and not from its place in a row, so an event that comes late tells
what was true then. Captures are not told: Stripe decides them in its answer, which also tells their fee.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import stripe

from adapters.payments.stripe_payments import answers, notes
from adapters.payments.stripe_payments.declines import declined
from adapters.payments.stripe_payments.reading import told
from domain.payment import MoneyStep, NoticeRefused, PaymentAnswer, PaymentNotice, Pending

_SIGNATURE: Final = "stripe-signature"
_TOLERANCE_SECONDS: Final = 300

_News = tuple[MoneyStep, str, PaymentAnswer]


def read_notice(headers: Mapping[str, str], body: bytes, secret: str) -> PaymentNotice | None:
    """Read an event; None for what tells nothing new of an effect of ours.

    NoticeRefused for a bad or old signature, ValueError for what is signed and unreadable.
    """
    event = _proven(headers, body, secret)
    try:
        news = _news(event.type, event.data.object)
        if news is None:
            return None
        step, key, answer = news
        return PaymentNotice(event.id, key, step, answer, datetime.fromtimestamp(event.created, UTC))
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError("an event that is not whole") from error


def _proven(headers: Mapping[str, str], body: bytes, secret: str) -> stripe.Event:
    signature = next((text for name, text in headers.items() if name.lower() == _SIGNATURE), "")
    if not signature.isascii():
        raise NoticeRefused("the signature is none")
    try:
        text = body.decode()
    except UnicodeError as error:
        raise NoticeRefused("Stripe signs text, and this is none") from error
    try:
        event: stripe.Event = stripe.Webhook.construct_event(text, signature, secret, _TOLERANCE_SECONDS)
    except stripe.SignatureVerificationError as error:
        raise NoticeRefused("the event is not signed by Stripe, or too old") from error
    except (AttributeError, TypeError) as error:
        raise ValueError("a signed text that is no event") from error
    return event


def _news(kind: str, told_of: object) -> _News | None:
    read = _KINDS.get(kind)
    return None if read is None else read(told_of)


def _authorized(charge: object) -> _News | None:
    key = notes.key_of(charge, notes.AUTHORIZE)
    return None if key is None else (MoneyStep.AUTHORIZE, key, answers.of_charge(charge))


def _not_authorized(intent: object) -> _News | None:
    key = notes.key_of(intent, notes.AUTHORIZE)
    return None if key is None else (MoneyStep.AUTHORIZE, key, declined(told(intent, "last_payment_error")))


def _ended(intent: object) -> _News | None:
    """An intent that can do no more: voided by us, or given up before it was authorized."""
    void, key = notes.void_of(intent), notes.key_of(intent, notes.AUTHORIZE)
    if void is not None:
        answer = answers.of_void(intent, void.key)
        return None if answer is None else (MoneyStep.VOID, void.key, answer)
    if key is None or told(intent, "latest_charge") is not None:
        return None
    return MoneyStep.AUTHORIZE, key, answers.of_intent(intent)


def _refunded(refund: object) -> _News | None:
    key = notes.key_of(refund, notes.REFUND)
    answer = answers.of_refund(refund)
    return None if key is None or isinstance(answer, Pending) else (MoneyStep.REFUND, key, answer)


_KINDS: Final[Mapping[str, Callable[[Any], _News | None]]] = {
    "charge.succeeded": _authorized,
    "payment_intent.payment_failed": _not_authorized,
    "payment_intent.canceled": _ended,
    "payment_intent.succeeded": _ended,
    "refund.created": _refunded,
    "refund.updated": _refunded,
    "refund.failed": _refunded,
    "charge.refund.updated": _refunded,
}
"""By an event's type. `charge.captured`, `charge.refunded` and the like repeat what is told otherwise, and
`charge.expired` what an authorization's end has told beforehand."""
