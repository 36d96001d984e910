"""The composition root of the HTTP face."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from temporalio.client import Client

from adapters.db.engine import create_engine
from adapters.db.payment_policy import payment_policy
from adapters.payments.providers import payment_providers
from api.keyring import KeyRing
from api.metrics import Metrics
from api.observed import Observed
from api.openapi import DESCRIPTION, INVALID, describe
from api.problems import (
    Refusal,
    answer_domain_error,
    answer_http_error,
    answer_invalid_request,
    answer_refusal,
)
from api.readiness import Probes
from api.routes import ROUTERS
from api.state import Services
from api.temporal import Temporal
from config.settings import Settings
from domain.errors import ThroughlineError

_STATEMENT_TIMEOUT: Final = timedelta(seconds=10)
_PLANS: Final = 2


def create_app(
    settings: Settings, *, now: Callable[[], datetime] | None = None, temporal: Client | None = None
) -> FastAPI:
    """Return the API. `now` gives aware times; `temporal` is used instead of connecting one."""
    app = FastAPI(
        title="Throughline",
        version="1",
        description=DESCRIPTION,
        lifespan=_lifespan(settings, now or _now, temporal),
        responses=INVALID,
        redirect_slashes=False,
        redoc_url=None,
    )
    app.add_middleware(Observed)
    app.add_exception_handler(ThroughlineError, answer_domain_error)
    app.add_exception_handler(Refusal, answer_refusal)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # the framework's own way
    return app


def _lifespan(
    settings: Settings, now: Callable[[], datetime], given: Client | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = create_engine(
            settings.sqlalchemy_url,
            pool_size=settings.database_pool_size,
            statement_timeout=_STATEMENT_TIMEOUT,
        )
        temporal = Temporal(settings, given)
        web = httpx.AsyncClient()
        probes = Probes(engine, temporal, settings.psp_url)
        app.state.services = Services(
            settings=settings,
            engine=engine,
            now=now,
            keys=KeyRing(engine, now),
            temporal=temporal,
            probes=probes,
            metrics=Metrics(engine),
            planning=asyncio.Semaphore(_PLANS),
            payments=payment_providers(web, settings),
            payment_policy=payment_policy(settings),
        )
        yield
        await probes.close()
        await web.aclose()
        await engine.dispose()

    return lifespan


def _now() -> datetime:
    return datetime.now(UTC)
