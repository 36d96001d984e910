"""Whole lives of orders by chance, invariants after every step: `oms bench properties`.

The sequences are those of `tests/properties/test_whole_life.py`, which tries a few of them: this needs a
checkout of the repository and its development requirements.
"""

import asyncio
import logging
import secrets
import tempfile
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from alembic import command
from alembic.config import Config

from bench.service import machine, run
from cli.embedded.testing import embedded_postgres

if TYPE_CHECKING:
    from tests.properties.whole_life.machine import Exploration


ENOUGH: Final = 1000
"""Sequences in which everything is to be met."""


@click.command()
@click.option("--sequences", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option(
    "--seed", type=click.IntRange(min=0), help="To run the same moves again; by chance if not given."
)
@click.option("--moves", type=click.IntRange(min=1), default=12, show_default=True, help="Of a sequence.")
@click.option("--at-once", "lanes", type=click.IntRange(1, 50), default=10, show_default=True)
@click.option(
    "--violations", type=click.IntRange(min=1), default=1, show_default=True, help="End after these."
)
def main(sequences: int, seed: int | None, moves: int, lanes: int, violations: int) -> None:
    """Live random lives of orders, and look for violations of the invariants.

    Runs the service in this process, with time that can be skipped. Each violation is printed with what led
    to it; the table at the end counts what was met. The exit code is 1 when there is any violation, and when
    something was never met by a thousand sequences.
    """
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    print(f"{sequences} sequences from seed {chosen}, {lanes} at once; {machine()}", flush=True)
    logging.disable(logging.ERROR)  # much fails on purpose; what is wrong is told as a violation
    explored: list[Exploration] = []

    async def bench() -> None:
        explored.append(await _explored(sequences, chosen, moves, lanes, violations))

    run(bench)
    _report(explored[0], chosen)


async def _explored(sequences: int, seed: int, moves: int, lanes: int, violations: int) -> "Exploration":
    try:
        from tests.properties.whole_life.machine import Extent, explore  # noqa: PLC0415 (development only)
        from tests.properties.whole_life.running import service  # noqa: PLC0415
    except ImportError as error:
        raise click.ClickException(
            f"{error.name} is not there: run this in a checkout of the repository, after make setup."
        ) from error
    with tempfile.TemporaryDirectory(prefix="oms-bench-", ignore_cleanup_errors=True) as folder:
        async with embedded_postgres(Path(folder) / "postgres") as database_url:
            await asyncio.to_thread(_migrate, database_url)
            async with service(database_url, Path(folder)) as world:
                extent = Extent(
                    sequences=sequences, first_seed=seed, moves=moves, lanes=lanes, most_broken=violations
                )
                return await explore(world, extent)


def _migrate(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("migrations").joinpath("")))
    config.set_main_option(
        "sqlalchemy.url", database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    )
    command.upgrade(config, "head")


def _report(explored: "Exploration", seed: int) -> None:
    for number, broken in enumerate(explored.broken, start=1):
        print(f"\nviolation {number}: {broken}\n")
    _tell_moves(explored)
    all_met = tell_kinds(explored.sequences, explored.played, explored.played_in)
    print(
        f"{explored.sequences} sequences, {explored.steps} steps, seed {seed}: "
        f"{len(explored.broken)} violations, {explored.seconds:.0f} s"
    )
    if explored.broken or not all_met:
        raise SystemExit(1)


def _tell_moves(explored: "Exploration") -> None:
    print("\nsteps by move: " + ", ".join(f"{name} {n}" for name, n in explored.moves.most_common() if n))


def tell_kinds(sequences: int, times: Counter[str], sequences_by_kind: Counter[str]) -> bool:
    """Print what was met; False when so many sequences should have met more."""
    from tests.properties.whole_life.played import KINDS  # noqa: PLC0415 (development only)

    print(f"\n{'what was met':40} {'sequences':>9} {'times':>7}")
    for kind in KINDS:
        print(f"{kind:40} {sequences_by_kind[kind]:9} {times[kind]:7}")
    never = [kind for kind in KINDS if not times[kind]]
    enough = sequences >= ENOUGH
    if never:
        few = "" if enough else f"; of fewer than {ENOUGH} sequences that is no fault"
        print(f"never met: {', '.join(never)}{few}")
    return not (never and enough)
