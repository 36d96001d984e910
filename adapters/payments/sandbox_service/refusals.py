"""Every way in which the provider says no."""

from dataclasses import dataclass
from typing import Final

from domain.payment import Advice


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no with its reason, and the advice that some come with.

    `hard`: no other attempt on this token (authorize) or on this authorization (all other steps) can
    succeed as asked.
    """

    code: str
    hard: bool
    advice: Advice | None = None

    def body(self) -> dict[str, object]:
        """Return it as it is answered."""
        said: dict[str, object] = {"code": self.code, "hard": self.hard}
        return said | ({"advice": self.advice} if self.advice else {})


class Refused(Exception):  # noqa: N818 (the trade's word; it is an error by its base)
    """Raised where an operation ends without an effect."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


UNKNOWN_TOKEN: Final = Refusal("unknown_token", hard=True)
CARD_DECLINED: Final = Refusal("card_declined", hard=True)
CARD_STOLEN: Final = Refusal("stolen_card", hard=True, advice=Advice.NEVER_AGAIN)
INSUFFICIENT_FUNDS: Final = Refusal("insufficient_funds", hard=False)
TRY_LATER: Final = Refusal("issuer_unavailable", hard=False, advice=Advice.TRY_LATER)
AUTHENTICATION_FAILED: Final = Refusal("authentication_failed", hard=True, advice=Advice.ANOTHER_METHOD)

CAPTURE_REFUSED: Final = Refusal("capture_refused", hard=False)
CAPTURE_FAILED: Final = Refusal("capture_failed", hard=False)
REFUND_REFUSED: Final = Refusal("refund_refused", hard=False)
REFUND_FAILED: Final = Refusal("refund_failed", hard=False)
REFUND_CAME_BACK: Final = Refusal("refund_came_back", hard=False)
AUTHORIZATION_EXPIRED: Final = Refusal("authorization_expired", hard=True)
AUTHORIZATION_CLOSED: Final = Refusal("authorization_closed", hard=True)
AUTHORIZATION_CALLED_OFF: Final = Refusal("authorization_called_off", hard=True)
CUSTOMER_IS_ASKED: Final = Refusal("action_required", hard=False)
NOTHING_TO_VOID: Final = Refusal("nothing_to_void", hard=True)
ABOVE_AUTHORIZATION: Final = Refusal("amount_exceeds_authorization", hard=True)
ABOVE_CAPTURED: Final = Refusal("amount_exceeds_captured", hard=True)
CURRENCY_MISMATCH: Final = Refusal("currency_mismatch", hard=True)

UNKNOWN_AUTHORIZATION: Final = Refusal("unknown_authorization", hard=True)
"""Answered 404 and not kept in the books: there is no authorization to keep it with."""
