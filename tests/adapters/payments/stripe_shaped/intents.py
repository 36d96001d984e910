"""Payment intents with manual capture: created and confirmed at once, captured, cancelled, expired."""

from copy import deepcopy
from typing import Any, Final

from tests.adapters.payments.stripe_shaped import forms
from tests.adapters.payments.stripe_shaped.account import Account, Object
from tests.adapters.payments.stripe_shaped.cards import Card
from tests.adapters.payments.stripe_shaped.charges import book, charge
from tests.adapters.payments.stripe_shaped.refusal import Refusal, impossible

CREATE: Final = {
    "amount": forms.integer,
    "currency": forms.text,
    "payment_method": forms.text,
    "customer": forms.text,
    "payment_method_types": forms.listed(forms.one_of("card")),
    "payment_method_options": forms.nested(
        {"card": forms.nested({"request_multicapture": forms.one_of("if_available", "never")})}
    ),
    "capture_method": forms.one_of("manual"),
    "confirm": forms.boolean,
    "return_url": forms.text,
    "metadata": forms.metadata,
}
UPDATE: Final = {"metadata": forms.metadata}
CAPTURE: Final = {
    "amount_to_capture": forms.integer,
    "final_capture": forms.boolean,
    "metadata": forms.metadata,
}
CANCEL: Final = {
    "cancellation_reason": forms.one_of("abandoned", "duplicate", "fraudulent", "requested_by_customer")
}

_LEAST: Final = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50}
_WHOLE_TENS: Final = {"bhd", "jod", "kwd", "omr", "tnd"}
_WHOLE_HUNDREDS: Final = {"isk", "ugx"}
_MOST_CAPTURES: Final = 50
_CANCELABLE: Final = {
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
}


def create(account: Account, given: dict[str, Any]) -> Object:
    """Create and confirm; a card's refusal leaves the intent in want of another payment method."""
    for name in ("amount", "currency", "payment_method"):
        if name not in given:
            raise impossible(f"Missing required param: {name}.", code="parameter_missing", param=name)
    _check_amount(given["amount"], given["currency"])
    card = _card(account, given)
    metadata: dict[str, str] = {}
    forms.merge(metadata, given.get("metadata", {}))
    intent = account.add(
        "pi",
        amount=given["amount"],
        amount_capturable=0,
        amount_received=0,
        canceled_at=None,
        cancellation_reason=None,
        capture_method="manual",
        currency=given["currency"],
        customer=given.get("customer"),
        last_payment_error=None,
        latest_charge=None,
        metadata=metadata,
        next_action=None,
        payment_method=given["payment_method"],
        payment_method_options=given.get("payment_method_options", {}),
        payment_method_types=["card"],
        status="requires_confirmation",
    )
    account.tell("payment_intent.created", intent)
    if card.authenticates:
        url = f"https://hooks.stripe.test/3d_secure/{intent['id']}"
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": url, "return_url": given.get("return_url")},
        }
        intent["status"] = "requires_action"
        account.tell("payment_intent.requires_action", intent)
    else:
        _confirm(account, intent, card)
    return intent


def end_action(account: Account, reference: str, *, passed: bool) -> None:
    """The customer comes back from their bank's page; nothing changes when nobody waits for them."""
    intent = account.find(reference, "payment_intent", "intent")
    if intent["status"] != "requires_action":
        return
    intent["next_action"] = None
    if passed:
        _confirm(account, intent, account.card(intent["payment_method"]))
        return
    failed = {"type": "invalid_request_error", "code": "payment_intent_authentication_failure"}
    intent |= {"status": "requires_payment_method", "last_payment_error": failed}
    account.tell("payment_intent.payment_failed", intent)


def update(account: Account, reference: str, given: dict[str, Any]) -> Object:
    """Change what an intent carries."""
    intent = account.find(reference, "payment_intent", "intent")
    forms.merge(intent["metadata"], given.get("metadata", {}))
    return intent


def capture(account: Account, reference: str, given: dict[str, Any]) -> Object:
    """Take money; the rest is released unless the capture says that it is not the final one."""
    intent = account.find(reference, "payment_intent", "intent")
    if intent["status"] != "requires_capture":
        raise _unexpected(intent, "captured", {"requires_capture"})
    paid = account.objects[intent["latest_charge"]]
    final = given.get("final_capture", True)
    amount = given["amount_to_capture"] if "amount_to_capture" in given else intent["amount_capturable"]
    _check_capture(account, intent, amount, final=final)
    card = account.card(intent["payment_method"])
    if card.capture_declines:
        raise Refusal(402, "Your card was declined.", kind="card_error", **card.capture_declines.pop(0))
    metadata = dict(intent["metadata"])
    forms.merge(metadata, given.get("metadata", {}))
    intent["metadata"] = metadata
    intent["amount_received"] += amount
    intent["amount_capturable"] = 0 if final else intent["amount_capturable"] - amount
    paid["amount_captured"] += amount
    if amount:
        entry = book(account, "charge", paid, amount)
        paid["balance_transaction"] = paid["balance_transaction"] or entry["id"]
    account.tell("charge.updated", paid)
    account.tell("payment_intent.amount_capturable_updated", intent)
    if final:
        _close(account, intent, paid)
    return intent


def cancel(account: Account, reference: str, given: dict[str, Any]) -> Object:
    """End an intent; what was set aside goes back, as a refund that moves no money."""
    intent = account.find(reference, "payment_intent", "intent")
    if intent["status"] not in _CANCELABLE:
        raise _unexpected(intent, "canceled", _CANCELABLE)
    _end(account, intent, given.get("cancellation_reason"))
    return intent


def expire(account: Account) -> None:
    """End every authorization whose time is over: never captured it is cancelled, else it is closed."""
    for intent in account.of_kind("payment_intent"):
        if intent["status"] != "requires_capture":
            continue
        paid = account.objects[intent["latest_charge"]]
        if paid["payment_method_details"]["card"]["capture_before"] > account.now():
            continue
        if intent["amount_received"]:
            intent["amount_capturable"] = 0
            _close(account, intent, paid)
        else:
            account.tell("charge.expired", paid)
            _end(account, intent, "automatic")


def _card(account: Account, given: dict[str, Any]) -> Card:
    card = account.card(given["payment_method"])
    if card.customer != given.get("customer"):
        message = "The payment method belongs to a customer, and only that one can be charged with it"
        raise impossible(message, param="payment_method")
    if card.spent and card.customer is None:
        message = "A payment method that no customer has can be used once"
        raise impossible(message, code="payment_method_unexpected_state", param="payment_method")
    return card


def _confirm(account: Account, intent: Object, card: Card) -> None:
    refused = card.declines.pop(0) if card.declines else card.always_declines
    made = charge(account, intent, card, refused)
    intent["latest_charge"] = made["id"]
    if refused is None:
        card.spent = True
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        account.tell("payment_intent.amount_capturable_updated", intent)
        return
    error = {"type": "card_error", "message": "Your card was declined.", "charge": made["id"], **refused}
    intent |= {"status": "requires_payment_method", "last_payment_error": error}
    account.tell("payment_intent.payment_failed", intent)
    facts = {name: value for name, value in error.items() if name not in {"type", "message"}}
    raise Refusal(402, error["message"], kind="card_error", payment_intent=deepcopy(intent), **facts)


def _close(account: Account, intent: Object, paid: Object) -> None:
    intent["status"] = "succeeded"
    paid["captured"] = True
    account.tell("charge.captured", paid)
    account.tell("payment_intent.succeeded", intent)


def _end(account: Account, intent: Object, reason: str | None) -> None:
    set_aside = intent["amount_capturable"]
    intent |= {
        "status": "canceled",
        "amount_capturable": 0,
        "canceled_at": account.now(),
        "cancellation_reason": reason,
        "next_action": None,
    }
    if set_aside:
        paid = account.objects[intent["latest_charge"]]
        paid |= {"amount_refunded": set_aside, "refunded": True}
        account.add(
            "re",
            amount=set_aside,
            balance_transaction=None,
            charge=paid["id"],
            currency=paid["currency"],
            metadata={},
            payment_intent=intent["id"],
            reason=None,
            status="succeeded",
        )
        account.tell("charge.refunded", paid)
    account.tell("payment_intent.canceled", intent)


def _check_amount(amount: int, currency: str) -> None:
    if currency != currency.lower() or len(currency) != 3:
        raise impossible(f"Invalid currency: {currency}", param="currency")
    if amount < _LEAST.get(currency, 1):
        raise impossible("Amount is too small", code="amount_too_small", param="amount")
    if amount > 99_999_999:
        raise impossible("Amount is too large", code="amount_too_large", param="amount")
    whole = 10 if currency in _WHOLE_TENS else 100 if currency in _WHOLE_HUNDREDS else 1
    if amount % whole:
        raise impossible(f"Amounts of {currency} are multiples of {whole}", param="amount")


def _check_capture(account: Account, intent: Object, amount: int, *, final: bool) -> None:
    paid = account.objects[intent["latest_charge"]]
    if amount > intent["amount_capturable"]:
        message = "The amount to capture is greater than what can be captured"
        raise impossible(message, code="amount_too_large", param="amount_to_capture")
    if amount < 1 and not (amount == 0 and final and intent["amount_received"]):
        message = "This value must be greater than or equal to 1."
        raise impossible(message, code="parameter_invalid_integer", param="amount_to_capture")
    if not final and paid["payment_method_details"]["card"]["multicapture"]["status"] != "available":
        raise impossible("This intent can be captured once", param="final_capture")
    entries = [one for one in account.of_kind("balance_transaction") if one["source"] == paid["id"]]
    if amount and len(entries) >= _MOST_CAPTURES:
        raise impossible("An intent can be captured 50 times")


def _unexpected(intent: Object, wanted: str, allowed: set[str]) -> Refusal:
    message = (
        f"This intent cannot be {wanted}: it is {intent['status']}, and not {' or '.join(sorted(allowed))}"
    )
    return impossible(message, code="payment_intent_unexpected_state", payment_intent=deepcopy(intent))
