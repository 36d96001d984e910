"""`oms setup`: what a fresh data folder needs before the first part of the service starts."""

import asyncio
from pathlib import Path

import click

from cli.migrate import upgrade


@click.command()
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--demo-network/--no-demo-network", default=True)
def setup(data_dir: Path, *, demo_network: bool) -> None:
    """Migrate, write keys.json when there is none, and load the demo network."""
    from cli.seed import seed  # noqa: PLC0415  # the database driver, only this command needs it
    from config.settings import Settings  # noqa: PLC0415

    upgrade()
    asyncio.run(seed(Settings(), data_dir, demo_network=demo_network))
