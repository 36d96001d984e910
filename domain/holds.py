"""Holds: what keeps an order from going on, step by step."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class HeldStep(StrEnum):
    """The steps that a hold can block."""

    ROUTING = "routing"
    RELEASE = "release"
    CAPTURE = "capture"


REVIEW: Final = "review"
"""The type of the hold that a provider's risk signal places; lifting it is the reviewer's yes."""

REMORSE: Final = "remorse"
"""The type of the hold that gives customers time to change their mind."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason to wait; each step of `blocks` waits for its end, which comes by itself at `expires_at`."""

    id: str
    type: str
    reason: str
    blocks: frozenset[HeldStep]
    expires_at: datetime | None = None
