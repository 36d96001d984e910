"""The engine, and the transaction that every command and fact runs in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, TypeVar

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

T = TypeVar("T")
log = logging.getLogger(__name__)

SERIALIZATION_FAILURE: Final = "40001"
DEADLOCK_DETECTED: Final = "40P01"
_SERVER_GONE: Final = ("08", "57P")
"""Classes of states: the connection is lost; the server stops, has crashed, or is not up yet."""
_ATTEMPTS: Final = 8

ASKED_IN_VAIN: Final = (SQLAlchemyError, asyncpg.InterfaceError, asyncpg.PostgresError, OSError, TimeoutError)
"""What asking the database can raise; a connection lost while it is set up tells so in the driver's words."""


class LookAgain(Exception):  # noqa: N818 (an instruction to the edge, not a failure)
    """The rows moved while the transaction was deciding: roll back and run it again on fresh ones."""


def create_engine(url: str, *, pool_size: int, statement_timeout: timedelta) -> AsyncEngine:
    """Create the engine; connections are pinged before use, so that it survives a restart of PostgreSQL."""
    settings = {
        "application_name": "throughline",
        "statement_timeout": str(int(statement_timeout.total_seconds() * 1000)),
        "idle_in_transaction_session_timeout": "30000",
    }
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_timeout=10,
        hide_parameters=True,  # values may be personal data, and errors are logged
        connect_args={"server_settings": settings, "timeout": 5},
    )


def _sqlstate(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return str(state) if state is not None else None


def lost_connection(error: BaseException) -> bool:
    """Whether the database could not be asked, or was lost while it was."""
    if isinstance(error, asyncpg.InterfaceError):
        return True
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate).startswith(_SERVER_GONE)
    if isinstance(error, DBAPIError):
        state = _sqlstate(error)
        if state is not None and state.startswith(_SERVER_GONE):
            return True
        broken = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return broken and state not in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}
    return isinstance(error, OSError | TimeoutError)


@asynccontextmanager
async def alone(engine: AsyncEngine, lock: int) -> AsyncIterator[AsyncConnection | None]:
    """A transaction that only one process at a time has; None while another one has it."""
    async with engine.begin() as connection:
        mine = await connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": lock})
        yield connection if mine.scalar_one() else None


async def in_transaction(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run `work` in one transaction and commit it; deadlocks and LookAgain roll back and run it again.

    `work` must be safe to run again: everything it does is in the transaction.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with engine.begin() as connection:
                return await work(connection)
        except LookAgain:
            if attempt == _ATTEMPTS:
                raise
        except DBAPIError as error:
            if attempt == _ATTEMPTS or _sqlstate(error) not in {
                SERIALIZATION_FAILURE,
                DEADLOCK_DETECTED,
            }:
                raise
            log.info("transaction runs again", extra={"sqlstate": _sqlstate(error), "attempt": attempt})
        await asyncio.sleep(0.005 * attempt)
    raise AssertionError("unreachable: the last attempt returns or raises")
