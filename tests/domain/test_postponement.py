"""Money is set aside as the order is placed, or once the first units that it gets are near."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.postponement import Postponement, postponement

NOW = datetime(2031, 5, 1, tzinfo=UTC)
WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)
SPANS = st.timedeltas(timedelta(0), timedelta(days=90))
DATES = st.none() | st.timedeltas(timedelta(days=-90), timedelta(days=90)).map(lambda span: NOW + span)


@given(SPANS, DATES)
def test_what_can_ship_now_is_paid_for_now(within: timedelta, date: datetime | None) -> None:
    assert postponement(within, in_stock=True, expected_at=date, now=NOW) is None


def test_supply_is_near_from_the_first_moment_within_the_time_that_is_set() -> None:
    far = postponement(WEEK, in_stock=False, expected_at=NOW + WEEK + SECOND, now=NOW)

    assert far == Postponement(NOW + WEEK + SECOND, NOW + SECOND)
    assert postponement(WEEK, in_stock=False, expected_at=NOW + WEEK, now=NOW) is None


def test_supply_that_is_late_is_near() -> None:
    assert postponement(timedelta(0), in_stock=False, expected_at=NOW - WEEK, now=NOW) is None


@given(SPANS)
def test_without_any_supply_nobody_knows_when(within: timedelta) -> None:
    assert postponement(within, in_stock=False, expected_at=None, now=NOW) == Postponement(None, None)


@given(SPANS, DATES)
def test_whoever_looks_again_when_it_is_over_asks_for_the_money(
    within: timedelta, date: datetime | None
) -> None:
    first = postponement(within, in_stock=False, expected_at=date, now=NOW)

    if first is not None and first.until is not None:
        assert postponement(within, in_stock=False, expected_at=date, now=first.until) is None
