"""What all imports have in common: the file, its money, and that all of it is written or nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import lost_connection
from adapters.files.problems import UnusableFile
from cli.taking_over import in_one_transaction
from config.settings import Settings

T = TypeVar("T")

FILE: Final = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
MONEY: Final = click.option(
    "--money",
    type=click.Choice(["major", "minor"]),
    default="major",
    show_default=True,
    help="How the file writes money: 1.50 (major) or 150 (minor).",
)


def read(work: Callable[[], T]) -> T:
    """Read a file; one with errors ends the command, every error shown."""
    try:
        return work()
    except UnusableFile as error:
        give_up(error)


def write(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Do the work in one transaction at DATABASE_URL; what cannot be used there ends the command too."""
    try:
        return asyncio.run(in_one_transaction(Settings(), work))
    except UnusableFile as error:
        give_up(error)
    except (SQLAlchemyError, OSError) as error:
        if lost_connection(error):
            raise click.ClickException("the database at DATABASE_URL cannot be reached") from error
        raise


def give_up(error: UnusableFile) -> NoReturn:
    """Show what is wrong with the file, and end."""
    click.echo(str(error), err=True)
    raise SystemExit(1)
