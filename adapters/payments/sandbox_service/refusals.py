"""Every way in which the provider says no."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no with its reason.

    `hard`: no other attempt on this token (authorize) or on this authorization (all other steps) can
    succeed as asked.
    """

    code: str
    hard: bool


class Refused(Exception):  # noqa: N818 (the trade's word; it is an error by its base)
    """Raised where an operation ends without an effect."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


UNKNOWN_TOKEN: Final = Refusal("unknown_token", hard=True)
CARD_DECLINED: Final = Refusal("card_declined", hard=True)
INSUFFICIENT_FUNDS: Final = Refusal("insufficient_funds", hard=False)

CAPTURE_REFUSED: Final = Refusal("capture_refused", hard=False)
AUTHORIZATION_EXPIRED: Final = Refusal("authorization_expired", hard=True)
AUTHORIZATION_CLOSED: Final = Refusal("authorization_closed", hard=True)
NOTHING_TO_VOID: Final = Refusal("nothing_to_void", hard=True)
ABOVE_AUTHORIZATION: Final = Refusal("amount_exceeds_authorization", hard=True)
ABOVE_CAPTURED: Final = Refusal("amount_exceeds_captured", hard=True)
CURRENCY_MISMATCH: Final = Refusal("currency_mismatch", hard=True)

UNKNOWN_AUTHORIZATION: Final = Refusal("unknown_authorization", hard=True)
"""Answered 404 and not kept in the books: there is no authorization to keep it with."""
