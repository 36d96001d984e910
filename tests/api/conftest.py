"""The API on a real PostgreSQL, with a few routes that only tests need."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from adapters.db.keys import Role, create_key
from adapters.payments.sandbox_service import Terms
from adapters.payments.sandbox_service import create_app as create_psp
from api.app import create_app
from api.state import Services
from config.settings import Settings
from tests.adapters.payments.running_psp import running
from tests.api.asking import SECRET, Asker
from tests.api.serving import client_of, serving
from tests.api.states import lived, lived_on
from tests.databases import migrated

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


@pytest.fixture(scope="session")
async def asker(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asker]:
    """A network with orders in many states, and who asks it about them."""
    secrets = tmp_path_factory.mktemp("carriers") / "keys.json"
    secrets.write_text(json.dumps({"carriers": {"generic": {"secret": SECRET}}}))
    url = await migrated(postgres_url, "any_request")
    async with AsyncExitStack() as stack:
        psp_url = await stack.enter_async_context(running(create_psp(url, Terms())))
        app = create_app(
            Settings(
                database_url=url,
                carrier_secrets_file=secrets,
                psp_notice_secret=SecretStr(SECRET),
                psp_url=psp_url,
            )
        )
        await stack.enter_async_context(app.router.lifespan_context(app))
        services: Services = app.state.services
        known = await lived(services.engine)
        async with services.engine.begin() as opening:
            key = await create_key(opening, name="all", role=Role.ADMIN, now=services.now())
        async with client_of(app, key.key) as client:
            known |= await lived_on(client, known)
            assert all(known.values()), known
            asker = Asker(asyncio.get_running_loop(), client, known)
            yield asker
            asker.tell()
