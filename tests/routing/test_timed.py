"""The table of `oms bench routing`: another solver, in a process of its own, answers the same problem."""

import time
from contextlib import closing

import pytest

from bench.goals import goals
from bench.rivals import Rival
from bench.timed import Size, timed


@pytest.mark.parametrize("stepped", [False, True], ids=["by the kilogram", "by steps of weight"])
def test_highs_agrees_in_a_process_of_its_own(stepped: bool) -> None:  # noqa: FBT001
    size = Size(3, 12, beside=2, stepped=stepped)

    with closing(Rival.highs()) as highs:
        found = timed(size, 3, [highs], time.process_time, by_cpu=True)

    assert (found.differing, found.proven, found.certified) == ([], 3, 3)
    assert (len(found.plan), len(found.search), len(found.rivals["HiGHS"])) == (3, 3, 2)
    assert [goal.figure for goal in goals({size: found})] == [0, 0]
