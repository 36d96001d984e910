"""What becomes of a checkout hold: it is held, and then it ends in one of four ways, for good."""

from enum import StrEnum
from typing import Final

from domain.transitions import Transitions


class ReservationStatus(StrEnum):
    """Where a checkout hold is."""

    HELD = "held"
    USED = "used"
    RELEASED = "released"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_S = ReservationStatus

RESERVATION: Final = Transitions("reservation", {_S.HELD: (_S.USED, _S.RELEASED, _S.EXPIRED, _S.WITHDRAWN)})
"""`withdrawn`: a count found fewer units than were held."""
