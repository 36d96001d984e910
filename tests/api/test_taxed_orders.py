"""With `OMS_TAX=table` intake works the tax out and refuses another; the order keeps which rates it used."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from adapters.db.keys import Role, create_key
from adapters.db.tax import put_tax_rates
from adapters.files.tax_rates import read_tax_rates
from api.order_bodies import OrderPosted
from api.state import Services
from config.settings import Settings
from tests.api.serving import client_of, serving

RATES = b"""country,region,postal_prefix,category,percent,included,on_shipping
US,CO,,,2.9,no,yes
US,CO,802,,8.81,no,yes
US,CO,,food,0,,
DE,,,,19,yes,yes
KW,,,,0,no,no
"""
EXAMPLE: dict[str, Any] = OrderPosted.model_json_schema()["example"]
DENVER = EXAMPLE["ship_to"]
BERLIN = DENVER | {"country": "DE", "region": "BE", "postal_code": "10115"}
WYOMING = DENVER | {"region": "WY", "postal_code": "82001"}
USED = {"country": "US", "region": "CO", "postal_prefix": "802", "category": "standard", "percent": "8.81"}


async def put_rates(app: FastAPI, content: bytes = RATES) -> None:
    services: Services = app.state.services
    async with services.engine.begin() as connection:
        await put_tax_rates(connection, read_tax_rates("rates.csv", content).values)


async def shop(app: FastAPI) -> httpx.AsyncClient:
    services: Services = app.state.services
    async with services.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO products (sku, name, tax_category) VALUES ('MUG', 'Mug', 'standard'),"
                " ('TEA', 'Tea', 'food') ON CONFLICT DO NOTHING"
            )
        )
        made = await create_key(
            connection, name=uuid4().hex, role=Role.STOREFRONT, channels=["web"], now=services.now()
        )
    return client_of(app, made.key)


@pytest.fixture
async def taxing(fresh_database_url: str) -> AsyncIterator[FastAPI]:
    async with serving(Settings(database_url=fresh_database_url, tax="table")) as app:  # type: ignore[arg-type]
        await put_rates(app)
        yield app


@pytest.fixture
async def counter(taxing: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with await shop(taxing) as client:
        yield client


def order(**changes: Any) -> dict[str, Any]:
    """Two mugs and tea to Denver: 255 + 0 of tax on lines, 52 on shipping."""
    lines = [
        {"sku": "MUG", "quantity": 2, "unit_price": 1450},
        {"sku": "TEA", "quantity": 1, "unit_price": 500},
    ]
    body = EXAMPLE | {"order_number": f"W-{uuid4().hex}", "lines": lines} | changes
    return {name: value for name, value in body.items() if name != "total" or "total" in changes}


def with_line_tax(*taxes: int | None) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = order()["lines"]
    return [line if tax is None else line | {"tax": tax} for line, tax in zip(lines, taxes, strict=True)]


async def post(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    return await client.post("/v1/orders", json=body, headers={"Idempotency-Key": uuid4().hex})


async def test_a_tax_that_is_not_sent_is_worked_out_and_kept_with_its_rates(
    counter: httpx.AsyncClient,
) -> None:
    answer = await post(counter, order())

    assert answer.status_code == 201
    placed = answer.json()
    assert (placed["totals"]["tax"], placed["totals"]["total"]) == (307, 3400 + 595 + 307)
    assert [line["tax"] for line in placed["lines"]] == [255, 0]
    food = {"country": "US", "region": "CO", "postal_prefix": "", "category": "food", "percent": "0"}
    assert placed["taxes"] == [
        {"line_id": "1", "base": 2900, "tax": 255, "included": False, "rate": USED},
        {"line_id": "2", "base": 500, "tax": 0, "included": False, "rate": food},
        {"line_id": None, "base": 595, "tax": 52, "included": False, "rate": USED},
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"tax": 307},
        {"total": 4302},
        {"tax": 307, "total": 4302, "lines": with_line_tax(255, 0)},
        {"lines": with_line_tax(255, None)},
    ],
)
async def test_what_is_sent_and_right_is_taken(counter: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    assert (await post(counter, order(**sent))).status_code == 201


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"lines": with_line_tax(255, 1)}, "/lines/1/tax"),
        ({"lines": with_line_tax(254, None)}, "/lines/0/tax"),
        ({"tax": 255}, "/tax"),
        ({"tax": 0}, "/tax"),
        ({"total": 4301}, "/total"),
        ({"total": 4303, "tax": 307}, "/total"),
        ({"ship_to": WYOMING}, "/ship_to"),
        ({"discount": 5000}, "/discount"),
    ],
)
async def test_another_tax_or_a_place_without_one_is_refused_where_it_stands(
    counter: httpx.AsyncClient, sent: dict[str, Any], pointer: str
) -> None:
    answer = await post(counter, order(**sent))

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_the_place_without_a_rate_is_named(counter: httpx.AsyncClient) -> None:
    answer = await post(counter, order(ship_to=WYOMING))

    assert answer.json()["detail"].startswith("no tax rate is known for WY, US, category standard, on 20")


async def test_tax_is_on_what_is_left_after_the_discount(counter: httpx.AsyncClient) -> None:
    placed = (await post(counter, order(discount=340))).json()

    assert [line["discount"] for line in placed["lines"]] == [290, 50]
    assert [part["base"] for part in placed["taxes"]] == [2610, 450, 595]
    assert placed["totals"]["tax"] == 230 + 52


async def test_prices_that_include_the_tax_stay_as_they_are(counter: httpx.AsyncClient) -> None:
    placed = (await post(counter, order(ship_to=BERLIN, currency="EUR", total=3995, tax=0))).json()

    assert (placed["totals"]["tax"], placed["totals"]["total"]) == (0, 3995)
    assert [(part["tax"], part["included"]) for part in placed["taxes"]] == [
        (463, True),
        (80, True),
        (95, True),
    ]


async def test_a_repeat_is_answered_as_before_whatever_the_rates_are_by_then(
    taxing: FastAPI, counter: httpx.AsyncClient
) -> None:
    body = order(tax=307)
    first = await post(counter, body)
    await put_rates(taxing, RATES.replace(b"8.81", b"9.15"))

    second = await post(counter, body)
    third = await post(counter, body | {"order_number": "W-another"})
    other = await post(counter, body | {"tax": 308})

    assert (first.status_code, second.status_code, second.json()) == (201, 200, first.json())
    assert (third.status_code, other.status_code) == (422, 409)


async def test_the_rate_of_the_day_on_which_the_order_was_placed_counts(
    taxing: FastAPI, counter: httpx.AsyncClient
) -> None:
    days = b"DE,16,yes,2020-07-01,2020-12-31\nDE,19,yes,2021-01-01,\n"
    await put_rates(taxing, b"country,percent,included,valid_from,valid_to\n" + days)

    old = await post(counter, order(ship_to=BERLIN, placed_at="2020-12-31T23:59:59Z"))
    new = await post(counter, order(ship_to=BERLIN, placed_at="2021-01-01T00:00:00Z"))
    never = await post(counter, order(ship_to=BERLIN, placed_at="2020-06-30T12:00:00Z"))

    assert [one.json()["taxes"][0]["rate"]["percent"] for one in (old, new)] == ["16", "19"]
    assert never.status_code == 422


async def test_a_place_without_a_rate_is_not_taxed_where_the_policy_says_so(fresh_database_url: str) -> None:
    lenient = Settings(database_url=fresh_database_url, tax="table", tax_missing="zero")  # type: ignore[arg-type]
    async with serving(lenient) as app, await shop(app) as client:
        placed = (await post(client, order(ship_to=WYOMING))).json()

    assert placed["totals"]["tax"] == 0
    assert {(part["tax"], part["rate"]) for part in placed["taxes"]} == {(0, None)}


async def test_without_the_table_the_storefronts_tax_is_the_orders(storefront: httpx.AsyncClient) -> None:
    sku = uuid4().hex
    body = order(lines=[{"sku": sku, "quantity": 1, "unit_price": 100, "tax": 7}], tax=8)

    answer = await post(storefront, body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/lines/0/tax"


async def test_the_table_is_read_page_by_page_and_by_country(counter: httpx.AsyncClient) -> None:
    rows, path = [], "/v1/tax-rates?limit=2"
    cursor: str | None = ""
    while cursor is not None:
        page = (await counter.get(path + (f"&cursor={cursor}" if cursor else ""))).json()
        rows += page["data"]
        cursor = page["next_cursor"]
    german = (await counter.get("/v1/tax-rates?country=DE")).json()["data"]
    broken = await counter.get("/v1/tax-rates?cursor=WyJhIiwiYiIsImMiLCJkIiwiZSJd")

    assert [(row["country"], row["postal_prefix"], row["category"], row["percent"]) for row in rows] == [
        ("DE", "", "standard", "19"), ("KW", "", "standard", "0"), ("US", "", "food", "0"),
        ("US", "", "standard", "2.9"), ("US", "802", "standard", "8.81"),
    ]  # fmt: skip
    assert german == [
        {
            "country": "DE", "region": "", "postal_prefix": "", "category": "standard", "percent": "19",
            "included": True, "on_shipping": True, "valid_from": "1900-01-01", "valid_to": None,
        }
    ]  # fmt: skip
    assert broken.status_code == 422
