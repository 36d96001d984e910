"""Real parts for every test that needs them: PostgreSQL from its wheel, migrated once per test process."""

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

from cli.embedded.testing import embedded_postgres
from tests.databases import TEMPLATE, drop, migrated


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


@pytest.fixture(scope="session")
async def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A PostgreSQL server with a migrated template."""
    async with embedded_postgres(tmp_path_factory.mktemp("postgres")) as url:
        config = Config()
        config.set_main_option("script_location", str(files("migrations").joinpath("")))
        template = await migrated(url, TEMPLATE, template="template1")
        config.set_main_option(
            "sqlalchemy.url", template.replace("postgresql://", "postgresql+asyncpg://", 1)
        )
        await asyncio.to_thread(command.upgrade, config, "head")
        yield url


@pytest.fixture(scope="session")
async def database_url(postgres_url: str) -> str:
    """A migrated database, shared by the tests of one process: each brings rows of its own."""
    return await migrated(postgres_url, "shared")


@pytest.fixture
async def fresh_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A migrated database for one test."""
    name = f"fresh_{uuid4().hex}"
    yield await migrated(postgres_url, name)
    await drop(postgres_url, name)
