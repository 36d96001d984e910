"""Refunds of what was captured, at once or later."""

from typing import Any, Final

from tests.adapters.payments.stripe_shaped import forms
from tests.adapters.payments.stripe_shaped.account import Account, Object
from tests.adapters.payments.stripe_shaped.charges import book
from tests.adapters.payments.stripe_shaped.refusal import impossible

CREATE: Final = {
    "payment_intent": forms.text,
    "amount": forms.integer,
    "metadata": forms.metadata,
    "reason": forms.one_of("duplicate", "fraudulent", "requested_by_customer"),
}


def create(account: Account, given: dict[str, Any]) -> Object:
    """Give captured money back. Refused above what was captured and not yet given back."""
    if "payment_intent" not in given:
        raise impossible("Missing required param: payment_intent.", code="parameter_missing")
    intent = account.find(given["payment_intent"], "payment_intent", "payment_intent")
    if not intent["amount_received"]:
        raise impossible(f"This PaymentIntent ({intent['id']}) has no successful charge to refund.")
    paid = account.objects[intent["latest_charge"]]
    left = paid["amount_captured"] - paid["amount_refunded"]
    amount = given.get("amount", left)
    if left == 0:
        raise impossible(f"Charge {paid['id']} is refunded.", code="charge_already_refunded")
    if not 1 <= amount <= left:
        raise impossible("The amount is not within what can be refunded", param="amount")
    behaves = account.card(intent["payment_method"]).refunds
    made = account.add(
        "re",
        amount=amount,
        balance_transaction=None,
        charge=paid["id"],
        currency=paid["currency"],
        failure_reason=None,
        metadata=dict(given.get("metadata", {})),
        payment_intent=intent["id"],
        reason=given.get("reason"),
        status="pending" if behaves in {"pending", "fails"} else "succeeded",
    )
    made["balance_transaction"] = book(account, "refund", made, -amount)["id"]
    paid["amount_refunded"] += amount
    paid["refunded"] = paid["captured"] and paid["amount_refunded"] == paid["amount_captured"]
    account.tell("refund.created", made)
    account.tell("charge.refunded", paid)
    return made


def settle(account: Account, reference: str) -> None:
    """Let a refund come to its end, where it has not."""
    refund = account.objects[reference]
    intent = account.objects[refund["payment_intent"]]
    behaves = account.card(intent["payment_method"]).refunds
    if behaves == "pending" and refund["status"] == "pending":
        refund["status"] = "succeeded"
        account.tell("refund.updated", refund)
    elif behaves in {"fails", "fails_after_success"} and refund["status"] != "failed":
        refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
        account.objects[refund["charge"]]["amount_refunded"] -= refund["amount"]
        book(account, "refund_failure", refund, refund["amount"])
        account.tell("refund.updated", refund)
        account.tell("refund.failed", refund)
