"""The sandbox provider as a FastAPI application."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from adapters.payments.sandbox_service.books import book_routes
from adapters.payments.sandbox_service.challenges import challenge_routes
from adapters.payments.sandbox_service.database import Database, DatabaseAwayError
from adapters.payments.sandbox_service.decisions import Decisions
from adapters.payments.sandbox_service.desk import Desk, KeyReusedError
from adapters.payments.sandbox_service.faults import FaultsByOrder, fault_routes
from adapters.payments.sandbox_service.routes import operation_routes
from adapters.payments.sandbox_service.sender import Sender
from adapters.payments.sandbox_service.terms import Terms

_LOG: Final = logging.getLogger(__name__)
_TERMS: Final = Terms()


def create_app(database_url: str, terms: Terms = _TERMS) -> FastAPI:
    """Return the provider with its books in schema `psp` of the given PostgreSQL database."""
    database, faults = Database(database_url), FaultsByOrder()
    decisions = Decisions(database, terms, faults)
    sender = Sender(database, decisions, terms.notices)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # PostgreSQL may come up after us: then the first call that finds it sets up the tables.
        with suppress(DatabaseAwayError):
            await database.ask()
        sending = asyncio.create_task(sender.run())
        yield
        sending.cancel()
        await asyncio.wait([sending])
        await database.close()

    app = FastAPI(title="Throughline sandbox payment provider", lifespan=lifespan)
    app.include_router(operation_routes(Desk(database, terms, faults), faults, terms.late_answer))
    app.include_router(challenge_routes(decisions))
    app.include_router(book_routes(database))
    app.include_router(fault_routes(faults))
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
