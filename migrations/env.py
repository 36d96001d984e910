"""Runs migrations on the database that the settings name."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.db.tables import metadata
from config.settings import Settings

_ONE_AT_A_TIME = 7_214_533
"""The advisory lock under which several starting processes migrate one after the other."""


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        context.run_migrations()


async def _migrate() -> None:
    engine = create_async_engine(
        context.config.get_main_option("sqlalchemy.url") or Settings().sqlalchemy_url, poolclass=NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


asyncio.run(_migrate())
