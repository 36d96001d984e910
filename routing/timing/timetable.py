"""The dates of an offer, worked out once for all locations that keep the same hours."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from routing.model.calendar import Calendar, check_moment
from routing.model.network import Network, RoutingLocation
from routing.model.rates import Service
from routing.timing.working_days import WorkingDays

_MICROSECONDS_A_DAY = 86_400_000_000

Dates = tuple[datetime, datetime]
Hours = tuple[str, str | None, time | None, timedelta]  # of a location


class Timetable:
    """When parcels leave the locations of a network and arrive, if the order comes at `now`."""

    def __init__(self, network: Network, now: datetime) -> None:
        check_moment(now, "now")
        self._calendars: Mapping[str, Calendar] = network.calendars
        self._now = now.astimezone(UTC)
        self._ready: dict[Hours, datetime | None] = {}
        self._dates: dict[tuple[Hours, str, Decimal], Dates | None] = {}

    def dates(self, location: RoutingLocation, service: Service, transit_days: Decimal) -> Dates | None:
        """ship_by and deliver_by, in UTC; None where one of the two is closed for good."""
        hours = (location.time_zone, location.calendar, location.cutoff, location.processing)
        key = (hours, service.name, transit_days)
        if key not in self._dates:
            self._dates[key] = self._work_out(hours, service, transit_days)
        return self._dates[key]

    def _work_out(self, hours: Hours, service: Service, transit_days: Decimal) -> Dates | None:
        if hours not in self._ready:
            self._ready[hours] = self._ready_at(hours)
        ready = self._ready[hours]
        leaves = ready and self._leaves_at(ready, hours, service)
        if not leaves:
            return None
        arrives = self._days(hours[0], service.calendar).after(leaves, _duration(transit_days))
        return (leaves, arrives) if arrives else None

    def _ready_at(self, hours: Hours) -> datetime | None:
        """When the order is packed: what comes after the cut-off begins with the next open day."""
        time_zone, calendar, cutoff, processing = hours
        days = self._days(time_zone, calendar)
        start = self._now
        today = days.day_of(start)
        if cutoff is not None and start > days.at(today, cutoff):
            start = days.at(today + timedelta(days=1), time())
        return days.after(start, processing)

    def _leaves_at(self, ready: datetime, hours: Hours, service: Service) -> datetime | None:
        """Find the first pick-up, or without any the first moment, on a day when both work."""
        time_zone, calendar, cutoff, _ = hours
        days = self._days(time_zone, calendar, service.calendar)
        if not service.pickups:
            return self._leaves_without_pickup(ready, days, cutoff)
        for day in days.open_days(ready):
            pickups = (days.at(day, pickup) for pickup in service.pickups)
            caught = min((pickup for pickup in pickups if pickup >= ready), default=None)
            if caught is not None:
                return caught
        return None

    @staticmethod
    def _leaves_without_pickup(ready: datetime, days: WorkingDays, cutoff: time | None) -> datetime | None:
        leaves = days.after(ready, timedelta(0))
        if leaves is None or cutoff is None:
            return leaves
        return max(leaves, days.at(days.day_of(leaves), cutoff))

    def _days(self, time_zone: str, *calendars: str | None) -> WorkingDays:
        named = tuple(self._calendars[name] for name in dict.fromkeys(calendars) if name is not None)
        return WorkingDays(ZoneInfo(time_zone), named)


def _duration(days: Decimal) -> timedelta:
    """Days of 24 hours; a part of a microsecond counts whole."""
    exact = Fraction(days) * _MICROSECONDS_A_DAY
    return timedelta(microseconds=exact.__ceil__())
