"""What is on its way covers those who wait as it will be given to them: the oldest promise first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.promise_dates import Inbound, Line, Waiting, promise_dates, supply_dates, unclaimed

DAY = datetime(2031, 5, 1, tzinfo=UTC)
PLACES = ("north", "south", "east")

LOTS = st.lists(
    st.builds(
        Inbound,
        location_id=st.sampled_from(PLACES),
        quantity=st.integers(0, 5),
        expected_at=st.integers(0, 5).map(lambda days: DAY + timedelta(days=days)),
    ),
    max_size=6,
)


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    waits = draw(st.lists(st.tuples(st.integers(1, 5), st.sets(st.sampled_from(PLACES))), max_size=6))
    return [
        Waiting(f"ord_{at}", "1", quantity, frozenset(places)) for at, (quantity, places) in enumerate(waits)
    ]


def unit_by_unit(queue: list[Waiting], inbound: list[Inbound]) -> dict[Line, datetime]:
    """The same told slowly: each unit that comes goes to the first who still waits and may have it."""
    needs = [one.quantity for one in queue]
    dates: dict[Line, datetime] = {}
    for lot in sorted(inbound, key=lambda lot: (lot.expected_at, lot.location_id)):
        for _ in range(lot.quantity):
            for at, one in enumerate(queue):
                if needs[at] and lot.location_id in one.locations:
                    needs[at] -= 1
                    if not needs[at]:
                        dates[one.order_id, one.line_id] = lot.expected_at
                    break
    return dates


@given(queues(), LOTS)
def test_dates_are_those_of_giving_out_every_unit(queue: list[Waiting], inbound: list[Inbound]) -> None:
    assert promise_dates(queue, inbound) == unit_by_unit(queue, inbound)


@given(queues(), LOTS)
def test_the_first_unit_of_a_line_comes_when_a_line_of_one_there_would_be_covered(
    queue: list[Waiting], inbound: list[Inbound]
) -> None:
    dates = supply_dates(queue, inbound)

    for at, one in enumerate(queue):
        first = Waiting(one.order_id, one.line_id, 1, one.locations)
        covered = promise_dates([*queue[:at], first, *queue[at + 1 :]], inbound)
        line = (one.order_id, one.line_id)
        assert dates.get(line) == covered.get(line)


@given(queues(), LOTS, LOTS)
def test_more_supply_makes_no_promise_later(
    queue: list[Waiting], inbound: list[Inbound], more: list[Inbound]
) -> None:
    before, after = promise_dates(queue, inbound), promise_dates(queue, [*inbound, *more])

    assert all(after[line] <= date for line, date in before.items())


@given(queues(), LOTS, st.integers(0, 6))
def test_whoever_joins_behind_moves_nobodys_date(
    queue: list[Waiting], inbound: list[Inbound], at: int
) -> None:
    whole, front = promise_dates(queue, inbound), promise_dates(queue[:at], inbound)

    ahead = {one.order_id for one in queue[:at]}
    assert front == {line: date for line, date in whole.items() if line[0] in ahead}


@given(queues(), LOTS, st.integers(0, 5))
def test_whoever_leaves_makes_no_promise_later(queue: list[Waiting], inbound: list[Inbound], at: int) -> None:
    gone = queue[at : at + 1]
    before = promise_dates(queue, inbound)
    after = promise_dates([one for one in queue if one not in gone], inbound)

    left = {line: date for line, date in before.items() if line[0] not in {one.order_id for one in gone}}
    assert all(after[line] <= date for line, date in left.items())


def test_a_line_is_promised_when_its_last_unit_comes() -> None:
    queue = [Waiting("first", "1", 3, frozenset({"north"})), Waiting("second", "1", 1, frozenset({"north"}))]
    inbound = [Inbound("north", 2, DAY), Inbound("north", 1, DAY + timedelta(days=4))]

    assert promise_dates(queue, inbound) == {("first", "1"): DAY + timedelta(days=4)}


@given(queues(), LOTS, st.integers(1, 9))
def test_who_comes_last_gets_what_nobody_before_claims(
    queue: list[Waiting], inbound: list[Inbound], units: int
) -> None:
    last = Waiting("last", "1", units, frozenset(PLACES))

    alone = promise_dates([last], unclaimed(queue, inbound))

    assert alone.get(("last", "1")) == promise_dates([*queue, last], inbound).get(("last", "1"))
