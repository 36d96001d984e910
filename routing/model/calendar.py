"""On which days a place or a carrier works."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from routing.errors import RoutingInputError

MONDAY_TO_FRIDAY = frozenset(range(5))
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """Open weekdays (Monday is 0), less the closed dates, plus the extra ones; dates are local.

    Holidays stand among the closed dates, so that a calendar is plain data wherever it is read. A
    date that is both closed and extra is open.
    """

    open_weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    closed: frozenset[date] = frozenset()
    extra_open: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        for day in sorted(self.open_weekdays):
            if not 0 <= day < _DAYS_A_WEEK:
                raise RoutingInputError(f"a calendar's weekday must be 0 (Monday) to 6, not {day}")
        for day_named in (*self.closed, *self.extra_open):
            if type(day_named) is not date:
                raise RoutingInputError(f"a calendar's dates have no time of day, unlike {day_named!r}")

    def is_open(self, day: date) -> bool:
        """Whether work is done on this local date."""
        if day in self.extra_open:
            return True
        return day.weekday() in self.open_weekdays and day not in self.closed


def check_time_zone(name: str, whose: str) -> None:
    """Refuse a time zone that the zone database does not have."""
    if name == "UTC":
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise RoutingInputError(f"{whose}: there is no time zone {name!r}") from unknown


def check_moment(moment: datetime | None, what: str) -> None:
    """Refuse a date and time that does not say its distance to UTC."""
    if moment is not None and moment.utcoffset() is None:
        raise RoutingInputError(f"{what} must have a UTC offset, unlike {moment.isoformat()}")
