"""`oms dev`: the whole service on this machine."""

import asyncio
import signal
import sys
from pathlib import Path

import click

from cli.embedded.errors import EmbeddedError
from cli.embedded.stack import Stack


@click.command()
@click.option("--port", type=int, default=8000, show_default=True, help="Of the API.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    default=Path(".oms"),
    show_default=True,
    help="Keeps databases, logs, keys.json and stack.json.",
)
@click.option("--seed/--no-seed", default=True, show_default=True, help="Load the demo network.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True)
def dev(port: int, data_dir: Path, *, seed: bool, workers: int) -> None:
    """Run PostgreSQL, Temporal, payment provider, workers and API until Ctrl-C.

    A part that dies is started again. The next run on the same data folder goes on with every order
    where it was.
    """
    stack = Stack(data_dir=data_dir, port=port, seed=seed, workers=workers, report=_report)
    try:
        asyncio.run(_run(stack))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error


async def _run(stack: Stack) -> None:
    """Run the stack until a signal; one that comes while it starts stops it too."""
    running = asyncio.create_task(_run_until_cancelled(stack))

    def stop() -> None:
        # A second signal, as `timeout` and impatient people send it, must not cut the stop short.
        if not running.cancelling():
            running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.wait([running])
    if not running.cancelled():
        running.result()


async def _run_until_cancelled(stack: Stack) -> None:
    async with stack:
        click.echo(f"ready {stack.api_url}")
        try:
            await asyncio.Event().wait()
        finally:
            _report("stopping")


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # progress for the person at the terminal
