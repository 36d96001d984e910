"""Real parts for every test that needs them: PostgreSQL from its wheel, migrated once per test process."""

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

from cli.embedded.testing import embedded_postgres

_TEMPLATE = "migrated"


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """A file's tests run in one process, as they share what is dear; so do all that kill processes."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "chaos" if "/chaos/" in path else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Give whole files to the processes; xdist forgets its own groups since pytest 9.2 (its issue 1386)."""
    config.option.loadscopereorder = False  # the longest are not those of most tests: none is to be last
    return ByFile(config, log)


def _named(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


async def _create(url: str, database: str, template: str) -> str:
    connection = await asyncpg.connect(url)
    await connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
    await connection.close()
    return _named(url, database)


@pytest.fixture(scope="session")
async def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A PostgreSQL server with a migrated template."""
    async with embedded_postgres(tmp_path_factory.mktemp("postgres")) as url:
        config = Config()
        config.set_main_option("script_location", str(files("migrations").joinpath("")))
        template = await _create(url, _TEMPLATE, "template1")
        config.set_main_option(
            "sqlalchemy.url", template.replace("postgresql://", "postgresql+asyncpg://", 1)
        )
        await asyncio.to_thread(command.upgrade, config, "head")
        yield url


@pytest.fixture(scope="session")
async def database_url(postgres_url: str) -> str:
    """A migrated database, shared by the tests of one process: each brings rows of its own."""
    return await _create(postgres_url, "shared", _TEMPLATE)


@pytest.fixture
async def fresh_database_url(postgres_url: str) -> str:
    """A migrated database for one test."""
    return await _create(postgres_url, f"fresh_{uuid4().hex}", _TEMPLATE)
