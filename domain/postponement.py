"""The one decision on when money is set aside: as the order is placed, or once its supply is near."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Postponement:
    """Why an authorization waits.

    The first units for the order are expected at `expected_at`, and near from `until` on; both None: nobody
    knows of any, and it waits until somebody does.
    """

    expected_at: datetime | None = None
    until: datetime | None = None


def postponement(
    within: timedelta, *, in_stock: bool, expected_at: datetime | None, now: datetime
) -> Postponement | None:
    """Return for how long an authorization waits; None when money is to be set aside now.

    `within`: how near supply has to be. `in_stock`: some unit of the order could ship now. `expected_at`:
    when the first unit that the order gets is to come, None when none is announced.
    """
    if in_stock:
        return None
    if expected_at is None:
        return Postponement()
    until = expected_at - within
    return Postponement(expected_at, until) if until > now else None
