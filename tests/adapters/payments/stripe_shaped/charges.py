"""Charges and the balance: what an issuer says, and what moves money."""

from typing import Any, Final

from tests.adapters.payments.stripe_shaped.account import Account, Object
from tests.adapters.payments.stripe_shaped.cards import Card

HOLDS_SECONDS: Final = 7 * 24 * 3600
_BLOCKED: Final = "fraudulent"


def charge(account: Account, intent: Object, card: Card, refused: dict[str, Any] | None) -> Object:
    """Write what came of asking the issuer for an intent's amount."""
    made = account.add(
        "ch",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        balance_transaction=None,
        captured=False,
        currency=intent["currency"],
        failure_code=refused and refused["code"],
        metadata=dict(intent["metadata"]),
        outcome=_outcome(card, refused),
        paid=refused is None,
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        payment_method_details={"type": "card", "card": _details(account, card, intent, refused)},
        refunded=False,
        status="failed" if refused else "succeeded",
    )
    account.tell("charge.failed" if refused else "charge.succeeded", made)
    return made


def book(account: Account, kind: str, source: Object, amount: int) -> Object:
    """Enter a movement of the balance, in the account's currency; a capture costs 2.9 % and 30."""
    converted = account.currency not in (None, source["currency"])
    rate = account.exchange_rate if converted else 1
    booked = round(amount * rate)
    fee = round(booked * 0.029) + 30 if kind == "charge" else 0
    return account.add(
        "txn",
        amount=booked,
        currency=account.currency if converted else source["currency"],
        exchange_rate=rate if converted else None,
        fee=fee,
        net=booked - fee,
        source=source["id"],
        status="pending",
        type=kind,
    )


def _outcome(card: Card, refused: dict[str, Any] | None) -> Object:
    blocked = refused is not None and refused["decline_code"] == _BLOCKED
    kind = "blocked" if blocked else "issuer_declined" if refused else "authorized"
    return {
        "advice_code": (refused or {}).get("advice_code"),
        "network_advice_code": (refused or {}).get("network_advice_code"),
        "network_status": "declined_by_network" if refused else "approved_by_network",
        "reason": refused and refused["decline_code"],
        "risk_level": card.risk,
        "type": "manual_review" if card.review and not refused else kind,
    }


def _details(account: Account, card: Card, intent: Object, refused: dict[str, Any] | None) -> Object:
    asked = intent["payment_method_options"].get("card", {}).get("request_multicapture") == "if_available"
    available = asked and card.multicapture and refused is None
    details = {
        "brand": "visa",
        "checks": {
            "address_line1_check": card.line1,
            "address_postal_code_check": card.postal_code,
            "cvc_check": card.cvc,
        },
        "exp_month": 8,
        "exp_year": 2040,
        "funding": "credit",
        "last4": "4242",
        "multicapture": {"status": "available" if available else "unavailable"},
        "network": "visa",
        "three_d_secure": {"result": "authenticated", "version": "2.2.0"} if card.authenticates else None,
    }
    return details | ({} if refused else {"capture_before": account.now() + HOLDS_SECONDS})
