"""What becomes of a payment provider's notice."""

from enum import StrEnum


class NoticeState(StrEnum):
    """How a notice was taken in; each is kept, and answered 200."""

    APPLIED = "applied"
    """It decided an effect that was waiting for it."""

    KNOWN = "known"
    """The effect was decided before, or the notice decides nothing."""

    UNKNOWN = "unknown"
    """It is about no effect of ours at this provider."""

    QUARANTINED = "quarantined"
    """It is the provider's, and cannot be read: a person should look."""
