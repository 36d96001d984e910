"""A routing plan as a page to read."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.plan_map import HEIGHT, HERE, WIDTH, Place, drawn
from tests.api.test_routing_plan import ASKED
from tests.deciding import ORDER_ID, question, write_all

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    yield engine
    await engine.dispose()


def oms(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cli", "route", *arguments],
        cwd=ROOT,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def written(path: Path, body: Any) -> str:
    path.write_text(json.dumps(body))
    return str(path)


def test_a_file_is_planned_and_shown_without_a_database(tmp_path: Path) -> None:
    shown = oms(written(tmp_path / "cart.json", ASKED))

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("510 minor units, 1 shipment, proven best")
    assert f"{HERE} destination  + dearer  · excluded  1 near" in shown.stdout
    assert "461 dearer" in shown.stdout
    assert "1067.7 km nearer" in shown.stdout
    assert "\x1b" not in shown.stdout


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({**ASKED, "network": None}, "/network is not there"),
        ({**ASKED, "lines": []}, "lines"),
        ({**ASKED, "policy": {"rules": ["fewest_tears"]}}, "/policy/rules/0"),
        ({**ASKED, "policy": "cheapest"}, "neither a file nor one of"),
    ],
)
def test_a_file_that_makes_no_sense_says_where(tmp_path: Path, body: Any, told: str) -> None:
    shown = oms(written(tmp_path / "cart.json", body))

    assert shown.returncode == 1
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr


async def test_a_stored_decision_is_shown_the_same_each_time(
    fresh_database_url: str, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await write_all(connection, [question(0)])

    once = oms(ORDER_ID, DATABASE_URL=fresh_database_url, TZ="UTC")
    again = oms(f"{ORDER_ID}/1", DATABASE_URL=fresh_database_url, TZ="Asia/Kolkata", PYTHONHASHSEED="7")
    other = oms(ORDER_ID, "--policy", "fewest_shipments", DATABASE_URL=fresh_database_url)

    assert once.returncode == 0, once.stderr
    assert once.stdout == again.stdout
    assert "by lowest_cost version 1" in once.stdout
    assert "by fewest_shipments version 1" in other.stdout


def test_the_map_keeps_north_up_and_east_right_and_fits_its_frame() -> None:
    here = (40.0, -75.0)

    rows = drawn([Place(41.0, -75.0, "1"), Place(40.0, -74.0, "2"), Place(39.5, -80.0, "·")], here)
    column, row = next((line.index(HERE), at) for at, line in enumerate(rows) if HERE in line)

    assert rows[0].index("1") == column
    assert rows[row].index("2") > column
    assert rows[-1].index("·") < column
    assert len(rows) <= HEIGHT
    assert max(map(len, rows)) <= WIDTH


def test_the_map_goes_the_short_way_round_the_date_line() -> None:
    rows = drawn([Place(0.0, -179.0, "1")], (0.0, 179.0))

    assert rows[0].index(HERE) < rows[0].index("1")


def test_a_map_of_one_point_is_that_point() -> None:
    assert drawn([Place(1.0, 1.0, "1")], (1.0, 1.0)) == ["1"]
