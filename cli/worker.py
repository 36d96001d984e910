"""`oms worker`: one process that works on orders."""

import asyncio

import click

ROLES = ("all", "workflows", "activities")


@click.command()
@click.option("--role", type=click.Choice(ROLES), default="all", show_default=True)
def worker(role: str) -> None:
    """Work on orders until SIGTERM or Ctrl-C.

    A role takes workflow work and activity work apart, to scale them by themselves.
    """
    from config.settings import Settings  # noqa: PLC0415  # so that `oms --help` is fast
    from worker import main  # noqa: PLC0415

    asyncio.run(main(Settings(), role))
