"""The migrations make the tables that the code knows: same columns, constraints and indexes."""

from importlib.resources import files
from uuid import uuid4

import asyncpg
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.db.tables import SCHEMA, metadata

_ALEMBIC = "alembic_version"
_CATALOGUE = """
SELECT 'column', table_name, column_name,
       concat_ws(' ', data_type, udt_name, 'null: ' || is_nullable, column_default, identity_generation)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('n', 't')
UNION ALL
SELECT 'index', tablename, indexname, indexdef
  FROM pg_indexes WHERE schemaname = 'public'
"""


async def catalogue(url: str) -> set[tuple[str, ...]]:
    """Every column, constraint and index of a database, as PostgreSQL describes them."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(_CATALOGUE)
    await connection.close()
    return {tuple(row) for row in rows if row[1] != _ALEMBIC}


async def made_by_the_code(postgres_url: str) -> str:
    """A database whose tables were made from the metadata, by no migration."""
    name = f"by_the_code_{uuid4().hex}"
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    url = postgres_url.rsplit("/", 1)[0] + f"/{name}"
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as tables:
        await tables.run_sync(metadata.create_all)
    await engine.dispose()
    return url


async def test_the_migrated_schema_is_the_one_in_the_code(postgres_url: str, fresh_database_url: str) -> None:
    wanted = await catalogue(await made_by_the_code(postgres_url))
    migrated = await catalogue(fresh_database_url)

    assert wanted
    assert sorted(migrated - wanted) == []
    assert sorted(wanted - migrated) == []


def test_the_code_names_the_last_of_the_migrations() -> None:
    migrations = ScriptDirectory(str(files("migrations").joinpath("")))

    assert migrations.get_heads() == [SCHEMA]
