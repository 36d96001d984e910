"""The scripted tokens: each makes the provider behave in one way that real ones do."""

from dataclasses import dataclass
from typing import Final

from adapters.payments.sandbox_service.refusals import (
    CAPTURE_REFUSED,
    CARD_DECLINED,
    INSUFFICIENT_FUNDS,
    UNKNOWN_TOKEN,
    Refusal,
)


@dataclass(frozen=True, slots=True)
class Script:
    """What a token does; captures, voids and refunds follow the token of their authorization."""

    risk: str = "normal"
    every_authorization: Refusal | None = None
    first_authorization: Refusal | None = None
    """Of the order; the same key repeats it, a new key is no longer the first."""
    first_capture: Refusal | None = None
    outages: int = 0
    """503 answers for each key, before any effect."""
    answers_late: bool = False
    """The first answer of each key comes when the caller has given up; the effect is in time."""
    expires_soon: bool = False


_UNKNOWN: Final = Script(every_authorization=UNKNOWN_TOKEN)

_SCRIPTS: Final = {
    "tok_ok": Script(),
    "tok_declined": Script(every_authorization=CARD_DECLINED),
    "tok_insufficient_then_ok": Script(first_authorization=INSUFFICIENT_FUNDS),
    "tok_timeout_once": Script(answers_late=True),
    "tok_down_3": Script(outages=3),
    "tok_review": Script(risk="review"),
    "tok_expires_soon": Script(expires_soon=True),
    "tok_capture_fails": Script(first_capture=CAPTURE_REFUSED),
}


def script_of(token: str) -> Script:
    """Return the token's script; a token that nobody issued is declined."""
    return _SCRIPTS.get(token, _UNKNOWN)
