"""A POST takes effect once, whatever is repeated, raced or lost."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.db.catalog import get_product
from adapters.db.keys import Role
from api.idempotency import hash_of
from api.state import Services
from tests.api.conftest import MakeKey
from tests.api.serving import client_of


async def post(client: httpx.AsyncClient, key: str, **body: Any) -> httpx.Response:
    return await client.post("/effects", json=body, headers={"Idempotency-Key": key})


async def is_there(services: Services, sku: str) -> bool:
    async with services.engine.connect() as connection:
        return await get_product(connection, sku) is not None


@pytest.fixture
def name() -> str:
    return uuid4().hex


async def test_a_repeat_gets_the_same_bytes_and_says_so(storefront: httpx.AsyncClient, name: str) -> None:
    first = await post(storefront, name, sku=name)
    second = await post(storefront, name, sku=name)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


async def test_twenty_equal_requests_at_once_take_effect_once(
    storefront: httpx.AsyncClient, name: str
) -> None:
    answers = await asyncio.gather(*(post(storefront, name, sku=name) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1


@pytest.mark.parametrize(
    ("ends", "answer"),
    [
        ("changed", (409, "/problems/fulfillment-changed")),
        ("conflict", (409, "/problems/state-conflict")),
        ("absent", (404, "/problems/not-found")),
        ("invalid", (422, "/problems/invalid-content")),
    ],
)
async def test_a_refusal_leaves_nothing_behind_and_is_repeated(
    storefront: httpx.AsyncClient, services: Services, name: str, ends: str, answer: tuple[int, str]
) -> None:
    first = await post(storefront, name, sku=name, ends=ends)
    second = await post(storefront, name, sku=name, ends=ends)

    assert (first.status_code, first.json()["type"]) == answer
    assert second.status_code == first.status_code
    assert second.content == first.content
    assert second.headers["Content-Type"] == "application/problem+json"
    assert second.headers["Idempotency-Replayed"] == "true"
    assert not await is_there(services, name)


async def test_the_same_key_with_another_body_is_refused(
    storefront: httpx.AsyncClient, services: Services, name: str
) -> None:
    await post(storefront, name, sku=name)

    other = await post(storefront, name, sku=f"{name}-other")

    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert not await is_there(services, f"{name}-other")


async def test_the_order_of_fields_and_spaces_make_no_other_body(
    storefront: httpx.AsyncClient, name: str
) -> None:
    headers = {"Idempotency-Key": name, "Content-Type": "application/json"}
    one = f'{{"sku":"{name}","ends":"well"}}'
    two = f'{{ "ends" : "well", "sku" : "{name}" }}'

    await storefront.post("/effects", content=one, headers=headers)
    again = await storefront.post("/effects", content=two, headers=headers)

    assert again.headers["Idempotency-Replayed"] == "true"


async def test_each_api_key_has_names_of_its_own(
    storefront: httpx.AsyncClient, ops: httpx.AsyncClient, name: str
) -> None:
    await post(storefront, name, sku=name)

    other = await post(ops, name, sku=name)

    assert "Idempotency-Replayed" not in other.headers


@pytest.mark.parametrize("key", [None, b"", b"a b", b"x" * 256, "schlüssel".encode()])
async def test_a_post_needs_a_name_that_can_be_one(storefront: httpx.AsyncClient, key: bytes | None) -> None:
    headers = {} if key is None else {b"Idempotency-Key": key}

    answer = await storefront.post("/effects", json={"nonsense": 1}, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-required"


async def test_a_lost_database_is_an_unknown_outcome_and_a_repeat_is_safe(
    storefront: httpx.AsyncClient, services: Services, name: str
) -> None:
    lost = await post(storefront, name, sku=name, ends="lost")
    there = await is_there(services, name)
    again = await post(storefront, name, sku=name)

    assert lost.status_code == 503
    assert lost.headers["Retry-After"] == "1"
    assert "same Idempotency-Key" in lost.json()["detail"]
    assert not there
    assert again.status_code == 201


@pytest.mark.parametrize("body", [b"", b"{}", b"[1.50, 2]", b"[1e1000000, 1e-1000000]"])
async def test_a_route_without_a_body_is_done_once_too(
    storefront: httpx.AsyncClient, name: str, body: bytes
) -> None:
    headers = {"Idempotency-Key": name, "Content-Type": "application/json"}

    answers = [await storefront.post("/steps", content=body, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff"])
async def test_a_route_without_a_body_refuses_what_is_no_json(
    storefront: httpx.AsyncClient, name: str, body: bytes
) -> None:
    answer = await storefront.post("/steps", content=body, headers={"Idempotency-Key": name})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/malformed-json"


async def test_the_actor_of_an_effect_is_the_role_and_the_name(
    services: Services, make_key: MakeKey, name: str, app: Any
) -> None:
    async with client_of(app, await make_key(Role.OPS, name=f"console-{name}")) as client:
        await post(client, name, sku=name)

    async with services.engine.connect() as connection:
        product = await get_product(connection, name)
    assert product is not None
    assert product.name == f"ops:console-{name}"


def test_a_hash_tells_numbers_from_texts() -> None:
    assert hash_of({"a": 1}) != hash_of({"a": "1"})


def test_a_hash_tells_apart_what_differs_in_the_last_of_many_digits() -> None:
    one, two = (Decimal(f"0.{'3' * 60}{last}") for last in (1, 2))

    assert hash_of([one]) != hash_of([two])
