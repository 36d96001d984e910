"""The sandbox provider as a FastAPI application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from adapters.payments.sandbox_service.books import book_routes
from adapters.payments.sandbox_service.database import Database, DatabaseAwayError
from adapters.payments.sandbox_service.desk import Desk, KeyReusedError
from adapters.payments.sandbox_service.routes import operation_routes

_LOG: Final = logging.getLogger(__name__)

_LATE_ANSWER: Final = timedelta(seconds=6)
_SHORT_VALIDITY: Final = timedelta(seconds=60)


def create_app(
    database_url: str,
    *,
    late_answer: timedelta = _LATE_ANSWER,
    short_validity: timedelta = _SHORT_VALIDITY,
) -> FastAPI:
    """Return the provider with its books in schema `psp` of the given PostgreSQL database.

    `late_answer`: how long tok_timeout_once keeps its callers waiting. `short_validity`: how long an
    authorization of tok_expires_soon holds.
    """
    database = Database(database_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # PostgreSQL may come up after us: then the first call that finds it sets up the tables.
        with suppress(DatabaseAwayError):
            await database.ask()
        yield
        await database.close()

    app = FastAPI(title="Throughline sandbox payment provider", lifespan=lifespan)
    app.include_router(operation_routes(Desk(database, short_validity), late_answer))
    app.include_router(book_routes(database))
    app.add_exception_handler(DatabaseAwayError, _answer_database_away)
    app.add_exception_handler(KeyReusedError, _answer_key_reused)
    _add_probes(app, database)
    return app


def _add_probes(app: FastAPI, database: Database) -> None:
    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, dict[str, str]]:
        await database.ask()
        return {"checks": {"database": "ok"}}


async def _answer_database_away(_request: Request, error: Exception) -> JSONResponse:
    _LOG.warning("PostgreSQL gave no answer: %s", error)
    body = {"code": "unavailable", "checks": {"database": "away"}}
    return JSONResponse(body, 503, headers={"Retry-After": "1"})


async def _answer_key_reused(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"code": "idempotency_key_reused", "hard": True}, 422)
