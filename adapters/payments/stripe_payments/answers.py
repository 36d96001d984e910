"""What Stripe's objects say of an effect, in the port's words."""

from datetime import UTC, datetime
from typing import Final

from adapters.payments.stripe_payments import notes
from adapters.payments.stripe_payments.declines import declined
from adapters.payments.stripe_payments.effects import was_ended_by_time
from adapters.payments.stripe_payments.reading import told
from adapters.payments.stripe_payments.signals import signals_of
from domain.payment import ActionRequired, Declined, PaymentAnswer, Pending, Succeeded

_ABANDONED: Final = Declined("authorization_canceled", hard=True)
_NEVER_CHARGED: Final = "authorization_incomplete"


def of_intent(intent: object) -> PaymentAnswer:
    """Tell what became of an intent's authorization. ValueError when that cannot be read.

    It stays authorized whatever was captured, voided or expired of it since.
    """
    reference = text(told(intent, "id"))
    match told(intent, "status"):
        case "requires_capture" | "succeeded":
            return _authorized(reference, told(intent, "latest_charge"))
        case "requires_action":
            return ActionRequired(reference, text(told(intent, "next_action", "redirect_to_url", "url")))
        case "processing":
            return Pending(reference)
        case "requires_payment_method":
            return declined(told(intent, "last_payment_error"))
        case "canceled":
            charged = told(intent, "latest_charge", "status") == "succeeded"
            return _authorized(reference, told(intent, "latest_charge")) if charged else _ABANDONED
        case _:
            return Declined(_NEVER_CHARGED, hard=True)


def of_charge(charge: object) -> Succeeded:
    """Tell what an authorization's own charge says. ValueError when that cannot be read."""
    return _authorized(text(told(charge, "payment_intent")), charge)


def of_refund(refund: object) -> PaymentAnswer:
    """Tell how a refund stands. ValueError when that cannot be read."""
    reference = text(told(refund, "id"))
    match told(refund, "status"):
        case "succeeded":
            return Succeeded(reference)
        case "pending" | "requires_action":
            return Pending(reference)
        case "failed" | "canceled" as status:
            return Declined(told(refund, "failure_reason") or f"refund_{status}", hard=False)
        case _:
            raise ValueError("a refund of no status that we know")


def of_void(intent: object, key: str) -> Succeeded | None:
    """Tell whether an intent was voided under this key; None when it was not, or not yet."""
    noted = notes.void_of(intent)
    if noted is None or noted.key != key or not is_released(intent):
        return None
    return Succeeded(text(told(intent, "id")))


def is_released(intent: object) -> bool:
    """Whether nothing of an intent can be captured any more, by somebody's will and not by time."""
    return told(intent, "status") in {"canceled", "succeeded"} and not was_ended_by_time(intent)


def _authorized(reference: str, charge: object) -> Succeeded:
    ends = told(charge, "payment_method_details", "card", "capture_before")
    return Succeeded(
        reference,
        signals=signals_of(charge),
        expires_at=None if ends is None else datetime.fromtimestamp(int(ends), UTC),
    )


def text(said: object) -> str:
    """Return what has to be there. ValueError when it is not."""
    if not isinstance(said, str):
        raise ValueError("Stripe's object is not whole")  # noqa: TRY004 (whoever reads it expects ValueError)
    return said
