"""What is sent to Stripe for each step, and what it means when Stripe finds a request impossible."""

from typing import Any, Final

import stripe

from adapters.payments.stripe_payments import notes
from adapters.payments.stripe_payments.amounts import to_stripe
from adapters.payments.stripe_payments.connection import MISSING, told_code
from adapters.payments.stripe_payments.declines import declined
from adapters.payments.stripe_payments.reading import told
from domain.payment import Declined, MoneyStep, PaymentRequest, PaymentUnavailable

WITH_CHARGE: Final = ["latest_charge.balance_transaction"]

EXPIRED: Final = Declined("authorization_expired", hard=True)
CLOSED: Final = Declined("authorization_closed", hard=True)
NOTHING_TO_VOID: Final = Declined("nothing_to_void", hard=True)
_UNKNOWN: Final = Declined("unknown_authorization", hard=True)
_UNKNOWN_TOKEN: Final = Declined("unknown_token", hard=True)
_ABOVE_AUTHORIZATION: Final = Declined("amount_exceeds_authorization", hard=True)
_ABOVE_CAPTURED: Final = Declined("amount_exceeds_captured", hard=True)

_BY_STRIPE: Final = {"automatic", "expired"}
"""Cancellation reasons of an intent that nobody cancelled: its time was over."""

_LAPSED: Final = {"capture_charge_authorization_expired", "charge_expired_for_capture"}
_UNEXPECTED_STATE: Final = "payment_intent_unexpected_state"
_OF_THE_TOKEN: Final = {"customer", "payment_method"}
_OF_THE_AMOUNT: Final = {"amount_too_large", "amount_too_small"}


def authorization(request: PaymentRequest, *, several: bool, return_url: str) -> Any:
    """Return the intent to create and confirm. NotPayable for an amount that Stripe cannot count."""
    customer, _, method = (request.token or "").rpartition("/")
    wanted = {"request_multicapture": "if_available"} if several else {}
    return {
        "amount": to_stripe(request.amount, request.currency),
        "currency": request.currency.lower(),
        "payment_method": method,
        **({"customer": customer} if customer else {}),
        "payment_method_types": ["card"],
        **({"payment_method_options": {"card": wanted}} if wanted else {}),
        "capture_method": "manual",
        "confirm": True,
        "return_url": return_url,
        "metadata": notes.for_authorization(request),
        "expand": WITH_CHARGE,
    }


def capture(request: PaymentRequest, intent: stripe.PaymentIntent, *, several: bool) -> Any:
    """Return the capture. It is Stripe's last one unless this card can be captured again."""
    again = told(intent, "latest_charge", "payment_method_details", "card", "multicapture", "status")
    keep = several and not request.final and again == "available"
    return {
        "amount_to_capture": to_stripe(request.amount, request.currency),
        **({"final_capture": False} if keep else {}),
        "metadata": notes.for_capture(request),
        "expand": WITH_CHARGE,
    }


def refund(request: PaymentRequest) -> Any:
    """Return the refund of what was captured of an intent."""
    return {
        "payment_intent": request.authorization,
        "amount": to_stripe(request.amount, request.currency),
        "metadata": notes.for_refund(request),
    }


def was_ended_by_time(intent: object) -> bool:
    """Whether an intent was cancelled because its authorization had expired."""
    return told(intent, "cancellation_reason") in _BY_STRIPE


def refused_by_card(error: stripe.CardError) -> Declined:
    """Return the no of a card's issuer or network; of a capture it may be that it came too late."""
    return EXPIRED if told_code(error) in _LAPSED else declined(error.error)


def refused(request: PaymentRequest, error: stripe.InvalidRequestError) -> Declined:
    """Return the no in a request that Stripe finds impossible, in the codes that the port's users know.

    PaymentUnavailable where it is an authorization and nothing the customer could mend: a person has to look.
    """
    code = told_code(error)
    if request.step is MoneyStep.AUTHORIZE:
        return _not_authorized(code, error)
    if code == MISSING:
        return _UNKNOWN
    refusal = _not_refunded(code, error) if request.step is MoneyStep.REFUND else _not_taken(request, error)
    return refusal or Declined(code or f"{request.step}_impossible", hard=True)


def _not_refunded(code: str | None, error: stripe.InvalidRequestError) -> Declined | None:
    above = code in {"charge_already_refunded", "amount_too_large"} or error.param == "amount"
    return _ABOVE_CAPTURED if above else None


def _not_taken(request: PaymentRequest, error: stripe.InvalidRequestError) -> Declined | None:
    code = told_code(error)
    if code in _LAPSED or was_ended_by_time(told(error.error, "payment_intent")):
        return EXPIRED
    if code == _UNEXPECTED_STATE:
        return CLOSED if request.step is MoneyStep.CAPTURE else NOTHING_TO_VOID
    return _ABOVE_AUTHORIZATION if error.param == "amount_to_capture" else None


def _not_authorized(code: str | None, error: stripe.InvalidRequestError) -> Declined:
    if code in _OF_THE_AMOUNT:
        return Declined(str(code), hard=True)
    if error.param in _OF_THE_TOKEN or (code or "").startswith(("payment_method_", "token_")):
        return _UNKNOWN_TOKEN
    raise PaymentUnavailable(f"Stripe finds the request impossible: {code or error.param}") from error
