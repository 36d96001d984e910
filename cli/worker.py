"""`oms worker`: one process that works on orders."""

import asyncio
from typing import Literal, get_args

import click

from cli.loading import loading

Role = Literal["all", "workflows", "activities"]


@click.command()
@click.option("--role", type=click.Choice(get_args(Role)), default="all", show_default=True)
def worker(role: Role) -> None:
    """Work on orders until SIGTERM or Ctrl-C.

    A role takes workflow work and activity work apart, to scale them by themselves.
    """
    with loading():
        from config.settings import Settings  # noqa: PLC0415  # so that `oms --help` is fast
        from worker import main  # noqa: PLC0415

    asyncio.run(main(Settings(), role))
