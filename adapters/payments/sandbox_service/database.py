"""The provider's way to PostgreSQL, which may go away and come back at any moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from adapters.payments.sandbox_service.schema import create_tables
from adapters.payments.sandbox_service.transaction import Transaction

_CONNECTIONS: Final = 8
_CONNECT_SECONDS: Final = 3.0
_STATEMENT_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 3.0

_AWAY: Final = (
    OSError,  # nobody listens; TimeoutError, a frozen server, is one of them
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,  # the connection was lost before it was used
    asyncpg.exceptions.OperatorInterventionError,  # starting up, shutting down, crashed
    asyncpg.exceptions.InsufficientResourcesError,  # too many connections, disk full
    asyncpg.exceptions.TransactionRollbackError,  # rolled back as a whole: ask again
    asyncpg.InvalidCatalogNameError,  # the database is yet to be created
)


class DatabaseAwayError(Exception):
    """PostgreSQL gave no answer; a transaction that was being committed may or may not have been."""


class Database:
    """The pool, opened by whoever needs it first, so that the service can start before PostgreSQL does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: Any = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open one transaction. DatabaseAwayError when PostgreSQL cannot be asked."""
        try:
            pool = await self._open()
            async with (
                pool.acquire(timeout=_STATEMENT_SECONDS) as connection,
                connection.transaction(),
            ):
                yield connection
        except _AWAY as error:
            raise DatabaseAwayError(type(error).__name__) from error

    async def ask(self) -> None:
        """Make sure that PostgreSQL answers and that the tables are there. DatabaseAwayError if not."""
        async with self.transaction() as transaction:
            await transaction.execute("SELECT 1")

    async def close(self) -> None:
        """Give the connections back to the server."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await pool.close()
        except _AWAY:
            pool.terminate()

    async def _open(self) -> Any:
        async with self._opening:
            if self._pool is None:
                pool = await asyncpg.create_pool(
                    self._url,
                    min_size=0,  # opens no connection yet: each one is opened when it is needed
                    max_size=_CONNECTIONS,
                    timeout=_CONNECT_SECONDS,
                    command_timeout=_STATEMENT_SECONDS,
                    # An answer promises that the effect is kept, whatever the server is set to.
                    server_settings={"application_name": "throughline-psp", "synchronous_commit": "on"},
                )
                try:
                    async with pool.acquire() as connection, connection.transaction():
                        await create_tables(connection)
                except BaseException:
                    pool.terminate()
                    raise
                self._pool = pool
            return self._pool
