"""`oms demo`: the main job, end to end, and an audit of it."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Final

import click

from cli.demo_run.options import PARTS, Options

_TERMINATED: Final = 128 + signal.SIGTERM


def _parts(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in parts:
        if part not in PARTS:
            raise click.BadParameter(f"{part} is none of {', '.join(PARTS)}")
    return parts


def _range(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    least, _, most = value.partition("-")
    if not (least.isdecimal() and most.isdecimal() and 1 <= int(least) <= int(most)):
        raise click.BadParameter(f"{value} is no range like 2-6")
    return int(least), int(most)


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--orders", type=_FILE, help="Real orders (CSV); locations, rate card and stock beside it.")
@click.option("--count", type=click.IntRange(min=1), default=60, show_default=True, help="Orders to place.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Orders a second.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of all chance in the run.")
@click.option("--chaos", default="", callback=_parts, help=f"Parts to kill once: {','.join(PARTS)}.")
@click.option("--keep-data", type=_FOLDER, help="Keep databases and logs in this folder.")
@click.option("--lines", callback=_range, help="Draw orders of so many lines, as 2-6, from --orders' SKUs.")
@click.option("--stock-share", type=click.FloatRange(0, 10), default=0.7, show_default=True)
def demo(**parameters: object) -> None:
    """Run orders from the POST to the door, and audit every one.

    Boots the whole service in a temporary folder, places orders over HTTP, plays locations, carriers and
    customers, and ends with a table and a verdict on every invariant. Exit code 0: all ended, all hold.
    """
    options = Options(**parameters)  # type: ignore[arg-type]  # click has checked each of them
    if options.lines and not options.orders:
        raise click.UsageError("--lines draws from the SKUs of a file: give --orders too")
    from cli.embedded.errors import EmbeddedError  # noqa: PLC0415  # so that wrong options are told at once

    try:
        sound = asyncio.run(_run(options))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    except asyncio.CancelledError:
        click.echo("stopped before the end", err=True)
        sys.exit(_TERMINATED)
    sys.exit(0 if sound else 1)


async def _run(options: Options) -> bool:
    """Run the demo; SIGTERM takes the stack down as Ctrl-C does."""
    from rich.console import Console  # noqa: PLC0415

    from cli.demo_run.run import run_demo  # noqa: PLC0415

    running = asyncio.ensure_future(run_demo(options, Console()))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    return await running
