"""The merchant accounts that the provider keeps: the names that orders give it."""

from enum import StrEnum


class Account(StrEnum):
    """One merchant's account; each has books and notices of its own."""

    SANDBOX = "sandbox"
    SINGLE = "sandbox_single"
    """Its authorizations can be captured only once."""
