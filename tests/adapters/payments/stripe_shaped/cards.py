"""Payment methods and how their issuers behave; the ids of templates are those of Stripe's test cards."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal


@dataclass(kw_only=True)
class Card:
    """`declines`: the refusals to come, one for each attempt; after them `always_declines`, if anything.

    `late`: every effect is in time, its first answer is not. `refunds`: how a refund begins and ends.
    """

    declines: list[dict[str, Any]] = field(default_factory=list)
    always_declines: dict[str, Any] | None = None
    capture_declines: list[dict[str, Any]] = field(default_factory=list)
    authenticates: bool = False
    multicapture: bool = True
    late: bool = False
    refunds: Literal["succeeded", "pending", "fails", "fails_after_success"] = "succeeded"
    risk: str = "normal"
    review: bool = False
    line1: str | None = None
    postal_code: str | None = None
    cvc: str | None = "pass"
    customer: str | None = None
    spent: bool = False


def decline(code: str, **facts: Any) -> dict[str, Any]:
    """What an issuer's refusal says; the networks' advice is given as `facts`."""
    own_code = {"expired_card", "incorrect_cvc", "processing_error"}
    return {"code": code if code in own_code else "card_declined", "decline_code": code, **facts}


TEMPLATES: Final[dict[str, dict[str, Any]]] = {
    "pm_card_visa": {},
    "pm_card_mastercard": {},
    "pm_card_credit_disableEnterpriseCardFeatures": {"multicapture": False},
    "pm_card_visa_chargeDeclined": {"always_declines": decline("generic_decline")},
    "pm_card_visa_chargeDeclinedInsufficientFunds": {"always_declines": decline("insufficient_funds")},
    "pm_card_visa_chargeDeclinedLostCard": {"always_declines": decline("lost_card")},
    "pm_card_visa_chargeDeclinedStolenCard": {"always_declines": decline("stolen_card")},
    "pm_card_chargeDeclinedExpiredCard": {"always_declines": decline("expired_card")},
    "pm_card_chargeDeclinedIncorrectCvc": {"always_declines": decline("incorrect_cvc"), "cvc": "fail"},
    "pm_card_chargeDeclinedProcessingError": {"always_declines": decline("processing_error")},
    "pm_card_radarBlock": {"always_declines": decline("fraudulent"), "risk": "highest"},
    "pm_card_riskLevelElevated": {"risk": "elevated"},
    "pm_card_riskLevelHighest": {"risk": "highest"},
    "pm_card_avsFail": {"line1": "fail", "postal_code": "fail"},
    "pm_card_avsUnchecked": {"line1": "unavailable", "postal_code": "unavailable"},
    "pm_card_cvcCheckFail": {"cvc": "fail"},
    "pm_card_authenticationRequired": {"authenticates": True},
    "pm_card_pendingRefund": {"refunds": "pending"},
    "pm_card_refundFail": {"refunds": "fails_after_success"},
}
