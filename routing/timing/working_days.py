"""Time that passes on open days only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from routing.model.calendar import Calendar

HORIZON_DAYS = 400
"""A calendar with no open day within so many is closed for good."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which all of some calendars are open, in one time zone; moments are UTC."""

    zone: ZoneInfo
    calendars: tuple[Calendar, ...] = ()

    def is_open(self, day: date) -> bool:
        """Whether every calendar is open on this local date."""
        return all(calendar.is_open(day) for calendar in self.calendars)

    def day_of(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()

    def at(self, day: date, wall: time) -> datetime:
        """When a clock on the wall first shows this; a time that a change of clocks skips, as much later."""
        return datetime.combine(day, wall, self.zone).astimezone(UTC)

    def open_days(self, since: datetime) -> Iterator[date]:
        """The open dates from that of a moment on, as far as the horizon."""
        first = self.day_of(since)
        return (day for n in range(HORIZON_DAYS) if self.is_open(day := first + n * _A_DAY))

    def after(self, start: datetime, work: timedelta) -> datetime | None:
        """The moment at which so much time has passed on open days since the start.

        No work at all ends at the first open moment. None where the horizon comes first.
        """
        if not self.calendars:
            return start + work
        for day in self.open_days(start):
            opens = max(start, self.at(day, time()))
            left = self.at(day + _A_DAY, time()) - opens
            if work <= left:
                return opens + work
            work -= left
        return None
