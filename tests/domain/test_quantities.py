"""Eight buckets: units move between them by known ways only, and their sum never changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import IllegalMove
from domain.progress import units
from domain.quantities import MOVES, Bucket, LineQuantities

COUNTS = st.integers(min_value=0, max_value=1000)
QUANTITIES = st.builds(LineQuantities, *([COUNTS] * len(Bucket)))
WAYS = sorted((source, target) for source, targets in MOVES.items() for target in targets)


@given(QUANTITIES, st.sampled_from(WAYS), st.data())
def test_a_legal_move_keeps_the_sum_and_touches_two_buckets(
    line: LineQuantities, way: tuple[Bucket, Bucket], data: st.DataObject
) -> None:
    source, target = way
    moved = data.draw(st.integers(min_value=0, max_value=line[source]))

    after = line.move(source, target, moved)

    assert after.ordered == line.ordered
    assert after[source] == line[source] - moved
    assert after[target] == line[target] + moved
    assert all(after[other] == line[other] for other in Bucket if other not in way)


@given(QUANTITIES, st.sampled_from(WAYS), st.integers(min_value=1))
def test_more_units_than_a_bucket_holds_cannot_leave_it(
    line: LineQuantities, way: tuple[Bucket, Bucket], more: int
) -> None:
    source, target = way

    with pytest.raises(IllegalMove):
        line.move(source, target, line[source] + more)


@given(QUANTITIES, st.sampled_from(WAYS))
def test_units_never_move_backwards_by_a_negative_number(
    line: LineQuantities, way: tuple[Bucket, Bucket]
) -> None:
    with pytest.raises(IllegalMove):
        line.move(*way, -1)


@pytest.mark.parametrize("source", list(Bucket))
@pytest.mark.parametrize("target", list(Bucket))
def test_a_way_that_is_none_raises_even_for_no_units(source: Bucket, target: Bucket) -> None:
    line = LineQuantities(*([5] * len(Bucket)))

    if (source, target) in WAYS:
        assert line.move(source, target, 5)[source] == 0
    else:
        with pytest.raises(IllegalMove):
            line.move(source, target, 0)


@given(QUANTITIES, QUANTITIES, QUANTITIES)
def test_sums_have_an_algebra(one: LineQuantities, two: LineQuantities, three: LineQuantities) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + LineQuantities() == one
    assert units([one, two, three]) == one + two + three
    assert (one + two).ordered == one.ordered + two.ordered


@given(QUANTITIES)
def test_units_are_unshipped_gone_or_cancelled(line: LineQuantities) -> None:
    assert line.unshipped + line.left + line.cancelled == line.ordered
    assert line.live == line.ordered - line.cancelled
    assert sum(line.as_dict().values()) == line.ordered


@given(st.sampled_from(list(Bucket)), st.integers(max_value=-1))
def test_no_bucket_can_be_made_negative(bucket: Bucket, count: int) -> None:
    with pytest.raises(IllegalMove):
        LineQuantities(**{bucket.value: count})


def test_what_has_shipped_cannot_be_cancelled_by_any_chain_of_moves() -> None:
    reached = {Bucket.SHIPPED}
    for _ in Bucket:
        reached |= {target for source in reached for target in MOVES[source]}

    assert reached == {Bucket.SHIPPED, Bucket.DELIVERED, Bucket.RETURNED, Bucket.LOST}
