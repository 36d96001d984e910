"""Whatever happens to orders and stock, and in whatever order: DESIGN's invariants hold after each step.

`PROPERTY_EXAMPLES` sets how many stories each test tries (15 by default).
"""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.properties.network import Happening, in_batches
from tests.properties.wider_network import MORE_HAPPENINGS, WiderNetwork

START: list[Happening] = [
    ("receive", 0, 0, 2), ("receive", 0, 1, 1), ("receive", 1, 2, 3), ("place", 3, 2, 1), ("place", 2, 1, 0),
    ("route", 0, 0, 0), ("route", 1, 0, 0),
]  # fmt: skip
QUICK = settings(
    max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "15")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


async def lived_through(engine: AsyncEngine, happenings: list[Happening], *, at_once: int) -> list[str]:
    network = WiderNetwork(engine)
    await network.open()
    return await in_batches(network, START + happenings, at_once)


@QUICK
@given(st.lists(MORE_HAPPENINGS, min_size=8, max_size=30))
async def test_invariants_hold_after_every_step(engine: AsyncEngine, happenings: list[Happening]) -> None:
    wrongs = await lived_through(engine, happenings, at_once=1)

    assert wrongs == []


@QUICK
@given(st.lists(MORE_HAPPENINGS, min_size=12, max_size=30))
async def test_invariants_hold_when_things_happen_at_once(
    engine: AsyncEngine, happenings: list[Happening]
) -> None:
    wrongs = await lived_through(engine, happenings, at_once=5)

    assert wrongs == []
