"""Cut-offs, calendars, processing, pick-ups and transit: when a parcel leaves and arrives."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import Band, Calendar, Network, RoutingInputError, RoutingLocation, Service
from routing.timing.timetable import Dates, Timetable

BERLIN = ZoneInfo("Europe/Berlin")
BAND = Band(Decimal(9000), Decimal(1), Decimal(0), Decimal(1))
CALENDARS = {"week": Calendar(), "never": Calendar(open_weekdays=frozenset())}


def place(**hours: object) -> RoutingLocation:
    filled = {"time_zone": "Europe/Berlin", **hours}
    return RoutingLocation("a", "dc", 50, 8, Decimal(0), **filled)  # type: ignore[arg-type]


def carrier(**hours: object) -> Service:
    return Service("ground", (BAND,), **hours)  # type: ignore[arg-type]


def dates(
    now: datetime, where: RoutingLocation, by: Service, days: str = "1", **calendars: Calendar
) -> Dates | None:
    network = Network((where,), {}, (by,), calendars={**CALENDARS, **calendars})
    return Timetable(network, now).dates(where, by, Decimal(days))


def ships(now: datetime, where: RoutingLocation, by: Service) -> datetime:
    found = dates(now, where, by)
    assert found is not None
    return found[0].astimezone(BERLIN)


def berlin(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    """A moment of March 2026, whose 2nd is a Monday; clocks change on the 29th."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_without_any_clock_a_parcel_leaves_at_once_and_travels_its_days() -> None:
    now = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)

    assert dates(now, place(), carrier(), "2.5") == (now, now + timedelta(days=2.5))


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (berlin(2, 9), berlin(2, 14)),  # by the cut-off: at the cut-off
        (berlin(2, 14), berlin(2, 14)),  # at the very minute
        (berlin(2, 14, 1), berlin(3, 14)),  # after it: the next day
        (berlin(6, 15), berlin(9, 14)),  # after Friday's: Monday
        (berlin(7, 9), berlin(9, 14)),  # on a Saturday: Monday
    ],
)
def test_what_comes_by_the_cutoff_of_an_open_day_leaves_that_day(now: datetime, leaves: datetime) -> None:
    assert ships(now, place(cutoff=time(14), calendar="week"), carrier()) == leaves


@pytest.mark.parametrize(
    ("now", "hours", "leaves"),
    [
        (berlin(2, 9), 3, berlin(2, 12)),
        (berlin(6, 20), 8, berlin(9, 4)),  # four hours on Friday, four on Monday
        (berlin(6, 12), 36, berlin(10, 0)),  # twelve hours on Friday, all of Monday
        (berlin(6, 20), 4, berlin(9, 0)),  # done as Friday ends: leaves when Monday begins
    ],
)
def test_processing_passes_on_open_days_only(now: datetime, hours: int, leaves: datetime) -> None:
    assert ships(now, place(calendar="week", processing=timedelta(hours=hours)), carrier()) == leaves


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (berlin(2, 9), berlin(2, 11)),
        (berlin(2, 11), berlin(2, 11)),
        (berlin(2, 11, 1), berlin(2, 17)),
        (berlin(2, 18), berlin(3, 11)),
        (berlin(6, 18), berlin(9, 11)),  # the carrier rests at the weekend
    ],
)
def test_a_parcel_leaves_with_the_first_pickup_after_it_is_ready(now: datetime, leaves: datetime) -> None:
    by = carrier(pickups=(time(17), time(11)), calendar="week")

    assert ships(now, place(), by) == leaves


def test_a_late_order_misses_the_evening_pickup_of_its_day() -> None:
    by = carrier(pickups=(time(17),))

    assert ships(berlin(2, 15), place(cutoff=time(14)), by) == berlin(3, 17)


def test_a_holiday_is_a_closed_day_and_an_extra_day_is_open() -> None:
    special = Calendar(closed=frozenset({date(2026, 3, 2)}), extra_open=frozenset({date(2026, 3, 8)}))
    where = place(cutoff=time(14), calendar="special")

    monday = dates(berlin(2, 9), where, carrier(), special=special)
    sunday = dates(berlin(7, 9), where, carrier(), special=special)

    assert monday is not None
    assert monday[0] == berlin(3, 14)
    assert sunday is not None
    assert sunday[0] == berlin(8, 14)


@pytest.mark.parametrize(
    ("days", "arrives"),
    [("0", berlin(6, 17)), ("0.5", berlin(9, 5)), ("1", berlin(9, 17)), ("2", berlin(10, 17))],
)
def test_transit_days_pass_on_the_days_that_the_carrier_works(days: str, arrives: datetime) -> None:
    found = dates(berlin(6, 12), place(), carrier(pickups=(time(17),), calendar="week"), days)

    assert found == (berlin(6, 17), arrives)


def test_a_cutoff_keeps_to_the_clock_on_the_wall_when_clocks_change() -> None:
    where = place(cutoff=time(14))

    assert ships(berlin(28, 13), where, carrier()).astimezone(UTC).hour == 13
    assert ships(berlin(29, 13), where, carrier()).astimezone(UTC).hour == 12


def test_the_day_is_the_locations_own() -> None:
    kiritimati = place(time_zone="Pacific/Kiritimati", cutoff=time(14), calendar="week")

    # Sunday noon in Berlin is Monday, 01:00, fourteen hours ahead of UTC.
    assert ships(berlin(8, 12), kiritimati, carrier()) == datetime(2026, 3, 9, 0, tzinfo=UTC)


def test_what_never_opens_ships_never() -> None:
    assert dates(berlin(2), place(calendar="never"), carrier()) is None
    assert dates(berlin(2), place(), carrier(calendar="never")) is None


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(RoutingInputError, match="now must have a UTC offset"):
        dates(datetime(2026, 3, 2), place(), carrier())  # noqa: DTZ001 - that is the point


def test_an_unknown_time_zone_or_calendar_is_refused_by_name() -> None:
    with pytest.raises(RoutingInputError, match="no time zone 'Europe/Bremen'"):
        place(time_zone="Europe/Bremen")
    with pytest.raises(RoutingInputError, match="no calendar 'sundays'"):
        Network((place(calendar="sundays"),), {}, ())


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
calendars = st.builds(
    Calendar,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2025, 1, 1), date(2027, 2, 1)), max_size=30),
    st.frozensets(st.dates(date(2025, 1, 1), date(2027, 2, 1)), max_size=30),
)
places = st.builds(
    place,
    time_zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"]
    ),
    calendar=st.sampled_from([None, "mine"]),
    cutoff=st.none() | st.times(),
    processing=st.timedeltas(timedelta(0), timedelta(days=4)),
)
carriers = st.builds(
    carrier,
    calendar=st.sampled_from([None, "theirs"]),
    pickups=st.lists(st.times(), max_size=3).map(tuple),
)
transits = st.decimals(0, 9, places=2).map(str)


@given(moments, moments, places, carriers, transits, calendars, calendars)
def test_an_order_that_comes_earlier_never_leaves_or_arrives_later(  # noqa: PLR0913, PLR0917
    one: datetime,
    other: datetime,
    where: RoutingLocation,
    by: Service,
    days: str,
    mine: Calendar,
    theirs: Calendar,
) -> None:
    near = one + (other - one) / 500  # most pairs within days of each other
    earlier, later = sorted([one, near])

    first = dates(earlier, where, by, days, mine=mine, theirs=theirs)
    second = dates(later, where, by, days, mine=mine, theirs=theirs)

    if first is not None and second is not None:
        assert first[0] <= second[0]
        assert first[1] <= second[1]


@given(moments, places, carriers, transits, calendars, calendars)
def test_a_parcel_leaves_on_a_day_that_is_open_for_both_and_never_before_now(  # noqa: PLR0913, PLR0917
    now: datetime, where: RoutingLocation, by: Service, days: str, mine: Calendar, theirs: Calendar
) -> None:
    found = dates(now, where, by, days, mine=mine, theirs=theirs)

    if found is not None:
        leaves, arrives = found
        day = leaves.astimezone(ZoneInfo(where.time_zone)).date()
        assert now <= leaves <= arrives
        assert where.calendar is None or mine.is_open(day)
        assert by.calendar is None or theirs.is_open(day)
