"""The application as uvicorn would run it, without the socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from config.settings import Settings
from tests.api.probe_routes import router

LOST_HOST = "postgresql://nobody:secret-of-ours@127.0.0.1:9/nowhere"


@asynccontextmanager
async def serving(settings: Settings, **given: Any) -> AsyncIterator[FastAPI]:
    app = create_app(settings, **given)
    app.include_router(router)
    async with app.router.lifespan_context(app):
        yield app


def client_of(app: FastAPI, key: str | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://api",
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=timedelta(seconds=20).total_seconds(),
    )
