"""Places whose day is far from its end: capacity is a day's, and no test is to run into the next one."""

from datetime import UTC, datetime
from typing import Final

_NOON: Final = 12


def zone_at_noon() -> str:
    """A time zone in which it is some minute after twelve now."""
    behind = datetime.now(UTC).hour - _NOON
    return f"Etc/GMT{behind:+}"  # the sign of these names is the opposite of an offset's
