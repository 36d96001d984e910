"""Whole lives of orders by chance: commands, facts, faults and time in any order; nothing breaks or hangs.

`oms bench properties` tries many more of the same.
"""

from pathlib import Path

import pytest

from tests.databases import migrated
from tests.properties.whole_life.machine import Extent, explore
from tests.properties.whole_life.running import service

_SEQUENCES = 60


@pytest.mark.timeout(900)
async def test_orders_live_soundly_whatever_happens_to_them(postgres_url: str, tmp_path: Path) -> None:
    url = await migrated(postgres_url, "whole_life")

    async with service(url, tmp_path) as world:
        explored = await explore(world, Extent(sequences=_SEQUENCES, first_seed=1))

    assert not explored.broken, "\n\n".join(explored.broken)
    assert explored.sequences >= _SEQUENCES
