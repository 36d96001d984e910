"""Alive, ready, and counted: with all parts there, and with some of them gone."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from adapters.payments.sandbox_service.app import create_app as create_psp
from api.state import Services
from cli.embedded.testing import embedded_temporal
from config.settings import Settings
from tests.adapters.payments.running_psp import running
from tests.api.serving import LOST_HOST, client_of, serving

NOWHERE = {"temporal_address": "127.0.0.1:9", "psp_url": "http://127.0.0.1:9"}


async def asked(path: str, **settings: Any) -> httpx.Response:
    async with serving(Settings(**settings)) as app, client_of(app) as client:
        return await client.get(path)


def checks(answer: httpx.Response) -> dict[str, str]:
    return {check["name"]: check["status"] for check in answer.json()["checks"]}


async def test_a_process_lives_without_any_part() -> None:
    answer = await asked("/livez", database_url=LOST_HOST, **NOWHERE)

    assert (answer.status_code, answer.json()) == (200, {"status": "pass"})


async def test_with_every_part_there_it_is_ready(database_url: str) -> None:
    async with embedded_temporal() as address, running(create_psp(database_url)) as psp_url:
        answer = await asked("/readyz", database_url=database_url, temporal_address=address, psp_url=psp_url)

    assert answer.status_code == 200
    assert answer.json()["status"] == "pass"
    assert checks(answer) == dict.fromkeys(["postgresql", "migrations", "temporal", "psp"], "pass")


async def test_without_temporal_and_psp_it_is_not_ready_but_takes_orders(database_url: str) -> None:
    whole = await asked("/readyz", database_url=database_url, **NOWHERE)
    intake = await asked("/readyz?for=intake", database_url=database_url, **NOWHERE)

    assert whole.status_code == 503
    assert checks(whole) == {"postgresql": "pass", "migrations": "pass", "temporal": "fail", "psp": "fail"}
    assert intake.status_code == 200
    assert checks(intake) == {"postgresql": "pass"}


async def test_without_postgresql_it_takes_no_orders_and_tells_no_password() -> None:
    whole = await asked("/readyz", database_url=LOST_HOST, **NOWHERE)
    intake = await asked("/readyz?for=intake", database_url=LOST_HOST, **NOWHERE)

    assert (whole.status_code, intake.status_code) == (503, 503)
    assert set(checks(whole).values()) == {"fail"}
    assert "secret-of-ours" not in whole.text


@pytest.fixture
async def silent_address() -> AsyncIterator[str]:
    """Takes connections and says nothing."""
    released = asyncio.Event()

    async def wait(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    released.set()
    server.close()


async def test_a_part_that_hangs_costs_a_second(database_url: str, silent_address: str) -> None:
    began = time.perf_counter()

    answer = await asked(
        "/readyz",
        database_url=database_url,
        temporal_address=silent_address,
        psp_url=f"http://{silent_address}",
    )

    assert checks(answer) == {"postgresql": "pass", "migrations": "pass", "temporal": "fail", "psp": "fail"}
    assert time.perf_counter() - began < 2


async def test_a_database_that_was_not_migrated_is_not_ready(postgres_url: str) -> None:
    answer = await asked("/readyz", database_url=postgres_url, **NOWHERE)

    assert checks(answer)["postgresql"] == "pass"
    assert checks(answer)["migrations"] == "fail"


async def test_an_unknown_purpose_is_422(http: httpx.AsyncClient) -> None:
    assert (await http.get("/readyz?for=fun")).status_code == 422


async def test_requests_are_counted_by_route_and_status_never_by_path(ops: httpx.AsyncClient) -> None:
    await ops.get("/v1/products/SOMETHING-PRIVATE")
    await ops.get("/v1/nowhere-at-all")
    await ops.request("BREW", "/livez")

    numbers = (await ops.get("/metrics")).text

    assert 'method="GET",route="/v1/products/{sku}",status="404"' in numbers
    assert 'method="GET",route="unmatched",status="404"' in numbers
    assert 'method="other"' in numbers
    assert "SOMETHING-PRIVATE" not in numbers
    assert "nowhere-at-all" not in numbers


@pytest.fixture
async def fresh_numbers(services: Services, database_url: str) -> list[str]:
    async with services.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO outbox (order_id, kind, payload, created_at, next_attempt_at)"
                " VALUES ('ord_metrics', 'test', '{}', now() - interval '1 hour', now())"
            )
        )
    try:
        return (await asked("/metrics", database_url=database_url)).text.splitlines()
    finally:
        async with services.engine.begin() as connection:
            await connection.execute(text("DELETE FROM outbox WHERE order_id = 'ord_metrics'"))


async def test_the_backlog_and_the_orders_are_counted(fresh_numbers: list[str]) -> None:
    numbers = dict(line.rsplit(" ", 1) for line in fresh_numbers if not line.startswith("#"))

    assert numbers["throughline_database_reachable"] == "1.0"
    assert float(numbers["throughline_outbox_waiting"]) >= 1
    assert numbers["throughline_seller_unnamed"] == "1.0"
    assert float(numbers["throughline_outbox_oldest_seconds"]) >= 3600
    assert 'throughline_orders{status="needs_attention"}' in numbers


async def test_without_a_database_the_other_numbers_are_still_told() -> None:
    answer = await asked("/metrics", database_url=LOST_HOST)

    assert answer.status_code == 200
    assert "throughline_database_reachable 0.0" in answer.text
