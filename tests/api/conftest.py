"""The API on a real PostgreSQL, with a few routes that only tests need."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from adapters.db.keys import Role, create_key
from api.state import Services
from config.settings import Settings
from tests.api.serving import client_of, serving

MakeKey = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    async with serving(Settings(database_url=database_url)) as app:
        yield app


@pytest.fixture
def services(app: FastAPI) -> Services:
    services: Services = app.state.services
    return services


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
def make_key(services: Services) -> MakeKey:
    async def make(role: Role, **bound: Any) -> str:
        if role is Role.STOREFRONT:
            bound.setdefault("channels", ["web"])
        async with services.engine.begin() as connection:
            name = bound.pop("name", f"{role}-{uuid4().hex}")
            new = await create_key(connection, name=name, role=role, now=services.now(), **bound)
        return new.key

    return make


@pytest.fixture
async def ops(app: FastAPI, make_key: MakeKey) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, await make_key(Role.OPS)) as client:
        yield client


@pytest.fixture
async def storefront(app: FastAPI, make_key: MakeKey) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, await make_key(Role.STOREFRONT)) as client:
        yield client
