"""What a charge tells about the trust that it deserves, in the port's words."""

from typing import Final

from adapters.payments.stripe_payments.reading import told
from domain.payment import Check, RiskLevel, Signals

_CHECKS: Final = {"pass": Check.PASSED, "fail": Check.FAILED, "unavailable": Check.UNAVAILABLE}

_AUTHENTICATIONS: Final = {
    "authenticated": Check.PASSED,
    "attempt_acknowledged": Check.PASSED,  # the issuer answers for it, though its customer was not asked
    "failed": Check.FAILED,
    "not_supported": Check.UNAVAILABLE,
    "processing_error": Check.UNAVAILABLE,
}

_RISKS: Final = {"elevated": RiskLevel.ELEVATED, "highest": RiskLevel.HIGHEST}

_WORST_FIRST: Final = (Check.FAILED, Check.PASSED, Check.UNAVAILABLE)


def signals_of(charge: object) -> Signals:
    """Return the signals; a risk that Stripe could not assess counts as normal."""
    card = told(charge, "payment_method_details", "card")
    return Signals(
        risk=_risk(told(charge, "outcome", "risk_level"), told(charge, "outcome", "type")),
        avs=_address(
            told(card, "checks", "address_line1_check"), told(card, "checks", "address_postal_code_check")
        ),
        cvc=_CHECKS.get(told(card, "checks", "cvc_check"), Check.NOT_MADE),
        three_d_secure=_AUTHENTICATIONS.get(told(card, "three_d_secure", "result"), Check.NOT_MADE),
    )


def _risk(level: str | None, outcome: str | None) -> RiskLevel:
    """A person is asked to look where a Radar rule says so, whatever the level; the highest is above that."""
    risk = _RISKS.get(level or "", RiskLevel.NORMAL)
    return RiskLevel.REVIEW if outcome == "manual_review" and risk is not RiskLevel.HIGHEST else risk


def _address(line: str | None, postal_code: str | None) -> Check:
    """One check of two halves: failed when either failed, passed when either passed and none failed."""
    halves = {_CHECKS.get(half or "", Check.NOT_MADE) for half in (line, postal_code)}
    return next((check for check in _WORST_FIRST if check in halves), Check.NOT_MADE)
