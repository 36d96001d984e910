"""Databases on the server of the test process, each a copy of one that was migrated once."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

TEMPLATE: Final = "migrated"


async def migrated(postgres_url: str, name: str, *, template: str = TEMPLATE) -> str:
    """Make a database with all tables and no rows; return its URL."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    await connection.close()
    return urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))


async def drop(postgres_url: str, name: str) -> None:
    """Delete a database, whoever is still connected to it."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()
