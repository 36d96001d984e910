"""`oms keys`: API keys, made, replaced and taken away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import click

if TYPE_CHECKING:  # the database driver costs a second, and `oms keys --help` does without
    from sqlalchemy.ext.asyncio import AsyncConnection

    from adapters.db.keys import NewKey, StoredKey

T = TypeVar("T")

_ROLES: Final = ("storefront", "ops", "location", "admin")


@click.group()
def keys() -> None:
    """Make, replace, list and take away API keys."""


@keys.command()
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.option("--name", required=True, help="Who holds it; histories name it.")
@click.option("--channel", "channels", multiple=True, help="Of a storefront; may be given again.")
@click.option("--location", "location_id", help="Of a location: its id.")
@click.option("--expires-in-days", type=click.IntRange(min=1))
def create(
    role: str, name: str, channels: tuple[str, ...], location_id: str | None, expires_in_days: int | None
) -> None:
    """Make a key and print it, this once."""
    from adapters.db.keys import Role, create_key  # noqa: PLC0415

    now = datetime.now(UTC)
    expires_at = now + timedelta(days=expires_in_days) if expires_in_days else None

    async def work(connection: "AsyncConnection") -> "NewKey":
        return await create_key(
            connection,
            name=name,
            role=Role(role),
            now=now,
            channels=channels,
            location_id=location_id,
            expires_at=expires_at,
        )

    _show(_done(work))


@keys.command()
@click.option("--name", required=True)
@click.option(
    "--overlap-hours",
    type=click.IntRange(min=0),
    default=24,
    show_default=True,
    help="How long the old key works on.",
)
def rotate(name: str, overlap_hours: int) -> None:
    """Make the successor of a key and print it, this once."""
    from adapters.db.keys import rotate_key  # noqa: PLC0415

    async def work(connection: "AsyncConnection") -> "NewKey":
        overlap = timedelta(hours=overlap_hours)
        return await rotate_key(connection, name=name, now=datetime.now(UTC), overlap=overlap)

    _show(_done(work))


@keys.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Make the key of this id (see list) worthless, within seconds."""
    from adapters.db.keys import revoke_key  # noqa: PLC0415

    async def work(connection: "AsyncConnection") -> None:
        await revoke_key(connection, key_id=key_id, now=datetime.now(UTC))

    _done(work)
    click.echo(f"{key_id} is revoked")


@keys.command(name="list")
def list_() -> None:
    """Show what is kept of every key."""
    from adapters.db.keys import list_keys  # noqa: PLC0415

    now = datetime.now(UTC)
    for key in _done(list_keys):
        bound = key.location_id or ",".join(sorted(key.channels)) or "-"
        click.echo(f"{key.id}  {key.role:10}  {key.name}  {bound}  {_standing(key, now)}")


def _standing(key: "StoredKey", now: datetime) -> str:
    if key.works_at(now):
        return "works" if key.expires_at is None else f"works until {key.expires_at:%Y-%m-%d %H:%M}Z"
    return "revoked" if key.revoked_at else "expired"


def _show(new: "NewKey") -> None:
    # The key alone on standard output, for scripts.
    click.echo(f"id {new.id}; keep the key, it is not shown again:", err=True)
    click.echo(new.key)


def _done(work: Callable[["AsyncConnection"], Awaitable[T]]) -> T:
    """Run the work in one transaction on the database that the settings name."""
    from adapters.db.engine import create_engine, in_transaction  # noqa: PLC0415
    from config.settings import Settings  # noqa: PLC0415
    from domain.errors import ThroughlineError  # noqa: PLC0415

    async def run() -> T:
        url = Settings().sqlalchemy_url
        engine = create_engine(url, pool_size=1, statement_timeout=timedelta(seconds=10))
        try:
            return await in_transaction(engine, work)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(run())
    except ThroughlineError as error:
        raise click.ClickException(error.detail) from error
