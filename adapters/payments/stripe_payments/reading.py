"""How fields of Stripe's objects are read: what an account, or a means of payment, lacks is not there."""

from typing import Any


def told(start: object, *names: str) -> Any:
    """Follow the names into an object; None where one of them is missing or null."""
    found: Any = start
    for name in names:
        found = getattr(found, name, None)
    return found
