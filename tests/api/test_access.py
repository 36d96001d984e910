"""Keys: who may what, and how soon a key is worthless."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from adapters.db.catalog import Location, put_locations
from adapters.db.keys import (
    SCOPES,
    KeyNameTaken,
    Role,
    create_key,
    digest,
    find_key,
    list_keys,
    revoke_key,
    rotate_key,
)
from api.access import Caller, needs
from api.keyring import KeyRing
from api.state import Services
from domain.errors import InvalidContent, NotFound, StateConflict
from tests.api.conftest import MakeKey
from tests.api.serving import client_of

EVERYTHING = frozenset().union(*SCOPES.values())


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic dGw6dGw=",
        "Bearer tl_ops_short",
        f"Bearer tl_ops_{'x' * 43}",
        f"Bearer tl_root_{'x' * 43}",
        f"tl_ops_{'x' * 43}",
    ],
)
async def test_no_key_or_a_wrong_one_is_401(http: httpx.AsyncClient, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = await http.get("/v1/products/A", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "x" * 43 not in answer.text


async def test_a_key_without_the_scope_is_403(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.put("/v1/products/A", json={"name": "A", "weight_g": 1})

    assert answer.status_code == 403
    assert "catalog:write" in answer.json()["detail"]
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.STOREFRONT, {"orders:write", "promise:read", "catalog:read"}, {"orders:command", "keys:write"}),
        (Role.LOCATION, {"fulfillments:write", "inventory:write"}, {"orders:read", "catalog:write"}),
        (Role.OPS, SCOPES[Role.STOREFRONT] | SCOPES[Role.LOCATION] | {"orders:command"}, {"keys:write"}),
        (Role.ADMIN, EVERYTHING, frozenset()),
    ],
)
def test_a_role_may_what_its_work_needs(role: Role, may: set[str], may_not: set[str]) -> None:
    assert may <= SCOPES[role]
    assert SCOPES[role].isdisjoint(may_not)


@pytest.mark.parametrize("role", [Role.STOREFRONT, Role.OPS, Role.ADMIN])
async def test_one_of_several_scopes_opens_the_planner(app: FastAPI, make_key: MakeKey, role: Role) -> None:
    async with client_of(app, await make_key(role)) as client:
        answer = await client.post("/v1/routing/plan", json={})

    assert answer.status_code == 422


def test_a_scope_that_no_role_has_is_found_when_the_route_is_written() -> None:
    with pytest.raises(ValueError, match="orders:red"):
        needs("orders:read|orders:red")


async def test_a_revoked_key_is_worthless_within_five_seconds(
    app: FastAPI, services: Services, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await make_key(Role.OPS)
    clock = [1000.0]
    monkeypatch.setattr("api.keyring.time.monotonic", lambda: clock[0])
    async with client_of(app, key) as client:
        before = await client.get("/v1/locations")
        async with services.engine.begin() as connection:
            stored = await find_key(connection, str(digest(key)))
            assert stored is not None
            await revoke_key(connection, key_id=stored.id, now=services.now())
        clock[0] += 5

        after = await client.get("/v1/locations")

    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_key_that_was_just_checked_is_not_looked_up_again(
    services: Services, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing(services.engine, services.now)
    key = await make_key(Role.OPS)
    first = await ring.find(key)
    monkeypatch.setattr("api.keyring.find_key", None)

    assert await ring.find(key) == first
    assert first is not None


async def test_an_expired_key_is_worthless_at_once(services: Services, make_key: MakeKey) -> None:
    now = [services.now()]
    ring = KeyRing(services.engine, lambda: now[0])
    key = await make_key(Role.OPS, expires_at=now[0] + timedelta(hours=1))
    assert await ring.find(key) is not None

    now[0] += timedelta(hours=1)

    assert await ring.find(key) is None


async def test_the_key_itself_is_stored_nowhere(services: Services, make_key: MakeKey) -> None:
    key = await make_key(Role.OPS)

    async with services.engine.connect() as connection:
        stored = await find_key(connection, str(digest(key)))

    assert len(key) == len("tl_ops_") + 43
    assert key not in repr(stored)


async def test_a_rotated_key_works_on_for_the_overlap(services: Services) -> None:
    name, now = uuid4().hex, services.now()
    async with services.engine.begin() as connection:
        shop = {"web", "app"}
        first = await create_key(connection, name=name, role=Role.STOREFRONT, now=now, channels=shop)
        second = await rotate_key(connection, name=name, now=now, overlap=timedelta(hours=2))
        both = [key for key in await list_keys(connection) if key.name == name]

    assert {key.id for key in both} == {first.id, second.id}
    assert all(key.works_at(now) and key.channels == shop for key in both)
    assert [key.id for key in both if key.works_at(now + timedelta(hours=2))] == [second.id]


async def test_at_most_two_keys_of_a_name_work(services: Services) -> None:
    name, now = uuid4().hex, services.now()
    async with services.engine.begin() as connection:
        await create_key(connection, name=name, role=Role.OPS, now=now)
        await rotate_key(connection, name=name, now=now)

        with pytest.raises(StateConflict, match="revoke"):
            await rotate_key(connection, name=name, now=now)
        with pytest.raises(KeyNameTaken):
            await create_key(connection, name=name, role=Role.OPS, now=now)
        later = await rotate_key(connection, name=name, now=now + timedelta(hours=25))

    assert later.key.startswith("tl_ops_")


async def test_what_is_not_there_is_neither_rotated_nor_revoked(services: Services) -> None:
    async with services.engine.begin() as connection:
        with pytest.raises(NotFound):
            await rotate_key(connection, name=uuid4().hex, now=services.now())
        with pytest.raises(NotFound):
            await revoke_key(connection, key_id="key_none", now=services.now())


@pytest.mark.parametrize(
    ("role", "bound"),
    [
        (Role.STOREFRONT, {}),
        (Role.OPS, {"channels": ["web"]}),
        (Role.LOCATION, {}),
        (Role.ADMIN, {"location_id": "x"}),
        (Role.LOCATION, {"location_id": "no-such-place"}),
    ],
)
async def test_a_key_is_bound_to_what_its_role_asks_for(
    services: Services, role: Role, bound: dict[str, Any]
) -> None:
    async with services.engine.begin() as connection:
        with pytest.raises(InvalidContent):
            await create_key(connection, name=uuid4().hex, role=role, now=services.now(), **bound)


async def test_a_location_sees_itself_only(app: FastAPI, services: Services, make_key: MakeKey) -> None:
    here, there = f"here-{uuid4().hex}", f"there-{uuid4().hex}"
    async with services.engine.begin() as connection:
        await put_locations(connection, [Location(at, at, "store", 0, 0) for at in (here, there)])
    async with client_of(app, await make_key(Role.LOCATION, location_id=here)) as client:
        answer = await client.get("/v1/locations")

    assert [location["id"] for location in answer.json()["data"]] == [here]


def caller(role: Role, *, channels: frozenset[str] = frozenset(), location_id: str | None = None) -> Caller:
    return Caller("key_1", "n", role, SCOPES[role], channels, location_id)


def test_a_storefront_sells_on_its_channels_and_others_on_all() -> None:
    shop = caller(Role.STOREFRONT, channels=frozenset({"web"}))

    assert (shop.sells_on("web"), shop.sells_on("app")) == (True, False)
    assert caller(Role.OPS).sells_on("app")


def test_a_location_works_at_itself_and_others_everywhere() -> None:
    store = caller(Role.LOCATION, location_id="nyc")

    assert (store.works_at("nyc"), store.works_at("denver")) == (True, False)
    assert caller(Role.OPS).works_at("denver")
