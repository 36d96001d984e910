"""Scans come late, twice and in any order; the parcel stands where its story says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.tracking import Scan, Tracking, TrackingFlag, TrackingStatus, reduce_scans

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = st.sampled_from([*TrackingStatus, *TrackingFlag])
SCANS = st.lists(
    st.builds(
        Scan,
        st.integers(0, 6).map(lambda hours: NOON + timedelta(hours=hours)),
        WORDS,
        st.sampled_from(["", "Lincoln", "Omaha"]),
        st.sampled_from(["", "left the hub"]),
    ),
    max_size=12,
)


def after(hours: int, word: TrackingStatus | TrackingFlag) -> Scan:
    return Scan(NOON + timedelta(hours=hours), word)


@given(SCANS, st.data())
def test_the_order_of_arrival_does_not_matter(scans: list[Scan], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(scans))

    assert reduce_scans(list(shuffled)) == reduce_scans(scans)


@given(SCANS, st.data())
def test_a_scan_that_comes_twice_says_nothing_new(scans: list[Scan], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(scans), max_size=5)) if scans else []

    assert reduce_scans(scans + again) == reduce_scans(scans)


@given(SCANS, SCANS)
def test_delivered_is_never_taken_back_by_lesser_words(scans: list[Scan], more: list[Scan]) -> None:
    ends = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED_TO_SENDER}
    delivered = [*scans, after(3, TrackingStatus.DELIVERED)]

    assert reduce_scans(delivered).status in ends
    assert reduce_scans(delivered + more).status in ends


@given(SCANS)
def test_the_status_is_one_that_some_scan_told(scans: list[Scan]) -> None:
    tracking = reduce_scans(scans)

    told = {scan.status for scan in scans} | {TrackingStatus.UNKNOWN}
    assert tracking.status in told
    assert (tracking.at is None) == (tracking.status is TrackingStatus.UNKNOWN)


def test_a_parcel_without_scans_is_unknown() -> None:
    assert reduce_scans([]) == Tracking()


def test_the_moment_is_that_of_the_first_scan_of_its_milestone() -> None:
    tracking = reduce_scans([after(5, TrackingStatus.DELIVERED), after(2, TrackingStatus.DELIVERED)])

    assert tracking.at == NOON + timedelta(hours=2)


def test_a_flag_stands_until_the_next_milestone() -> None:
    late = [after(1, TrackingStatus.IN_TRANSIT), after(2, TrackingFlag.DELAYED)]

    assert reduce_scans(late) == Tracking(TrackingStatus.IN_TRANSIT, NOON + timedelta(hours=1), delayed=True)
    cleared = reduce_scans([*late, after(3, TrackingStatus.IN_TRANSIT)])
    assert (cleared.delayed, cleared.at) == (False, NOON + timedelta(hours=1))


def test_a_late_lesser_scan_does_not_move_a_parcel_back() -> None:
    tracking = reduce_scans([after(1, TrackingStatus.OUT_FOR_DELIVERY), after(2, TrackingStatus.IN_TRANSIT)])

    assert tracking.status is TrackingStatus.OUT_FOR_DELIVERY
