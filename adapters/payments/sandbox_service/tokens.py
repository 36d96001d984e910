"""The scripted tokens: each makes the provider behave in one way that real ones do."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from adapters.payments.sandbox_service.refusals import (
    CAPTURE_REFUSED,
    CARD_DECLINED,
    CARD_STOLEN,
    INSUFFICIENT_FUNDS,
    REFUND_REFUSED,
    TRY_LATER,
    UNKNOWN_TOKEN,
    Refusal,
)
from domain.payment import Check, MoneyStep, RiskLevel, Signals

_CHECKED: Final = Signals(avs=Check.PASSED, cvc=Check.PASSED)


@dataclass(frozen=True, slots=True)
class Later:
    """A step that is taken at once and decided later.

    `fails`: the order's first such step fails in the end; the ones after it succeed at once.
    """

    step: MoneyStep
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What a token does; captures, voids and refunds follow the token of their authorization."""

    signals: Signals = _CHECKED
    every_authorization: Refusal | None = None
    first_authorizations: Refusal | None = None
    """Of the order, as many as `refusals`; the same key repeats one, a new key is the next."""
    refusals: int = 1
    further_authorizations: Refusal | None = None
    """Of the order, once it has been granted one."""
    takes_no_further: bool = False
    """Further authorizations of the order are no request to it: 422 for ever, and nothing in its books."""
    first_capture: Refusal | None = None
    first_refund: Refusal | None = None
    later: Later | None = None
    first_refund_comes_back: bool = False
    """It succeeds, and fails after all when its money could not be credited."""
    asks_customer: bool = False
    """The customer has to confirm before anything is held."""
    single_capture: bool = False
    outages: int = 0
    """503 answers for each key, before any effect."""
    answers_late: bool = False
    """The first answer of each key comes when the caller has given up; the effect is in time."""
    expires_soon: bool = False
    valid_for: timedelta | None = None


_UNKNOWN: Final = Script(every_authorization=UNKNOWN_TOKEN)

_SCRIPTS: Final = {
    "tok_ok": Script(),
    "tok_declined": Script(every_authorization=CARD_DECLINED),
    "tok_never_again": Script(every_authorization=CARD_STOLEN),
    "tok_insufficient_then_ok": Script(first_authorizations=INSUFFICIENT_FUNDS),
    "tok_try_later": Script(first_authorizations=TRY_LATER, refusals=2),
    "tok_ok_once": Script(further_authorizations=INSUFFICIENT_FUNDS),
    "tok_taken_once": Script(takes_no_further=True),
    "tok_timeout_once": Script(answers_late=True),
    "tok_down_3": Script(outages=3),
    "tok_review": Script(Signals(RiskLevel.REVIEW, Check.PASSED, Check.PASSED)),
    "tok_elevated": Script(Signals(RiskLevel.ELEVATED, Check.PASSED, Check.PASSED)),
    "tok_highest_risk": Script(Signals(RiskLevel.HIGHEST, Check.PASSED, Check.PASSED)),
    "tok_avs_fails": Script(Signals(avs=Check.FAILED, cvc=Check.PASSED)),
    "tok_cvc_fails": Script(Signals(avs=Check.PASSED, cvc=Check.FAILED)),
    "tok_3ds": Script(Signals(RiskLevel.NORMAL, *[Check.PASSED] * 3), asks_customer=True),
    "tok_expires_soon": Script(expires_soon=True),
    "tok_valid_7_days": Script(valid_for=timedelta(days=7)),
    "tok_single_capture": Script(single_capture=True),
    "tok_capture_fails": Script(first_capture=CAPTURE_REFUSED),
    "tok_refund_fails": Script(first_refund=REFUND_REFUSED),
    "tok_capture_pending": Script(later=Later(MoneyStep.CAPTURE)),
    "tok_capture_fails_later": Script(later=Later(MoneyStep.CAPTURE, fails=True)),
    "tok_refund_pending": Script(later=Later(MoneyStep.REFUND)),
    "tok_refund_fails_later": Script(later=Later(MoneyStep.REFUND, fails=True)),
    "tok_refund_comes_back": Script(first_refund_comes_back=True),
}


def script_of(token: str) -> Script:
    """Return the token's script; a token that nobody issued is declined."""
    return _SCRIPTS.get(token, _UNKNOWN)
