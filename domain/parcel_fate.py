"""Where a parcel ended, which is where its units are."""

from enum import StrEnum
from typing import Final


class ParcelFate(StrEnum):
    """The ends of a parcel's way."""

    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED = "returned"


_FOLLOWS: Final[dict[ParcelFate | None, frozenset[ParcelFate]]] = {
    None: frozenset(ParcelFate),
    ParcelFate.LOST: frozenset({ParcelFate.DELIVERED, ParcelFate.RETURNED}),
    ParcelFate.DELIVERED: frozenset({ParcelFate.RETURNED}),
    ParcelFate.RETURNED: frozenset(),
}


def follows(before: ParcelFate | None, fate: ParcelFate) -> bool:
    """Whether a parcel can end so after what was known of it: what was lost may turn up."""
    return fate in _FOLLOWS[before]
