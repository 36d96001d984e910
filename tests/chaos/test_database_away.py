"""PostgreSQL is killed under a service that asks all the time: every failure says what it is."""

import asyncio
import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.db.engine import ASKED_IN_VAIN, create_engine, lost_connection
from cli.embedded.ports import free_port
from cli.embedded.postgres import prepare_postgres
from cli.embedded.supervisor import Supervisor

_SECONDS = 4.0
_ASKERS = 8

pytestmark = pytest.mark.chaos


async def test_a_server_that_is_down_or_not_up_yet_is_a_lost_connection(tmp_path: Path) -> None:
    postgres = prepare_postgres(tmp_path, port=free_port(), durable=True)
    engine = create_engine(
        postgres.url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=_ASKERS,
        statement_timeout=timedelta(seconds=5),
    )
    answered: Counter[str] = Counter()

    async def ask() -> None:
        until = asyncio.get_running_loop().time() + _SECONDS
        while asyncio.get_running_loop().time() < until:
            try:
                async with engine.connect() as connection:
                    await connection.execute(text("SELECT 1"))
                answered["yes"] += 1
            except (DBAPIError, OSError, TimeoutError) as error:
                answered["lost" if lost_connection(error) else repr(error)] += 1
            await asyncio.sleep(0.01)

    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(postgres.part())
        asking = [asyncio.create_task(ask()) for _ in range(_ASKERS)]
        await asyncio.sleep(_SECONDS / 4)
        os.kill(supervisor.pids["postgres"], signal.SIGKILL)
        await asyncio.gather(*asking)
        await engine.dispose()
    postgres.discard()

    assert set(answered) == {"yes", "lost"}


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.AdminShutdownError("terminating connection"), True),
        (asyncpg.CannotConnectNowError("the database system is starting up"), True),
        (asyncpg.UniqueViolationError("duplicate key"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_driver_s_own_error_is_told_apart(error: Exception, lost: bool) -> None:  # noqa: FBT001 (a case)
    assert isinstance(error, ASKED_IN_VAIN)
    assert lost_connection(error) is lost
