"""Values of bodies: what PostgreSQL cannot hold, or JSON said otherwise, is refused where it stands."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api.bodies import Body, Exact, Moment
from api.reading import parsed


class Priced(Body):
    cost: Exact


class Timed(Body):
    at: Moment


async def pointers(client: httpx.AsyncClient, body: str) -> list[str]:
    answer = await client.post("/probe", content=body, headers={"Content-Type": "application/json"})
    if answer.status_code == 200:
        return []
    assert answer.status_code == 422
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("price", ["0", "1", "1000000000000000"])
async def test_money_is_whole_minor_units(storefront: httpx.AsyncClient, price: str) -> None:
    assert await pointers(storefront, f'{{"price": {price}}}') == []


@pytest.mark.parametrize(
    "price", ["-1", "1.0", "1e3", '"1"', "true", "null", "1000000000000001", "1" + "0" * 60]
)
async def test_money_is_nothing_else(storefront: httpx.AsyncClient, price: str) -> None:
    assert await pointers(storefront, f'{{"price": {price}}}') == ["/price"]


@pytest.mark.parametrize("quantity", ["0", "-1", "1000001", "1.0", '"1"', "true", "99999999999999999999"])
async def test_a_quantity_is_from_one_to_a_million(storefront: httpx.AsyncClient, quantity: str) -> None:
    body = f'{{"lines": [{{"sku": "A", "quantity": {quantity}}}]}}'

    assert await pointers(storefront, body) == ["/lines/0/quantity"]


@pytest.mark.parametrize("sku", ["", " ", "\u00a0\t\n", "x" * 101, "a\x00b", "\ud800", 7, None, ["A"]])
async def test_an_id_is_a_short_text_that_can_be_stored(storefront: httpx.AsyncClient, sku: Any) -> None:
    body = json.dumps({"lines": [{"sku": sku, "quantity": 1}]})

    assert await pointers(storefront, body) == ["/lines/0/sku"]


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\udfff", "x" * 1001, " \n "])
async def test_free_text_can_be_stored(storefront: httpx.AsyncClient, text: str) -> None:
    assert await pointers(storefront, json.dumps({"note": text})) == ["/note"]


@pytest.mark.parametrize("lat", ['"1"', "true", "90.1", "-91", "1e400", "[]"])
async def test_a_latitude_is_a_number_on_the_globe(storefront: httpx.AsyncClient, lat: str) -> None:
    assert await pointers(storefront, f'{{"lat": {lat}}}') == ["/lat"]


@pytest.mark.parametrize("cost", ["-0.01", '"1"', "true", "1e900000000", "1e-900000000", "1e16"])
async def test_a_cost_is_a_number_that_can_be_counted_with(storefront: httpx.AsyncClient, cost: str) -> None:
    assert await pointers(storefront, f'{{"cost": {cost}}}') == ["/cost"]


@pytest.mark.parametrize("cost", ["0.1", "0.30000000000000004", "1.10", "12345678901234.000000000000000001"])
def test_a_cost_is_exactly_what_was_written(cost: str) -> None:
    assert str(Priced.model_validate(parsed(f'{{"cost": {cost}}}'.encode())).cost) == cost


@pytest.mark.parametrize(
    "at",
    [
        "",
        "2026-03-01",
        "2026-03-01T10:00:00",
        1772359200,
        "1772359200",
        "2026-13-01T00:00:00Z",
        "2026-03-01T10:00:00+25:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
async def test_a_time_is_rfc_3339_with_an_offset(storefront: httpx.AsyncClient, at: Any) -> None:
    assert await pointers(storefront, json.dumps({"at": at})) == ["/at"]


def test_a_time_is_in_utc_from_there_on() -> None:
    at = Timed.model_validate({"at": "2026-03-01T10:00:00.5+02:00"}).at

    assert at == datetime(2026, 3, 1, 8, 0, 0, 500_000, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_costs_are_decimals() -> None:
    assert Priced(cost=Decimal("1.5")).cost == Decimal("1.5")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"price": 1, "price": 2}', ""),
        ('{"lines": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 1, "sku": "B"}]}', "/lines/1"),
        ('{"4111 1111 1111 1111": {"a": 1, "a": 1}}', ""),
    ],
)
async def test_a_name_stands_once_in_an_object(
    storefront: httpx.AsyncClient, body: str, pointer: str
) -> None:
    assert await pointers(storefront, body) == [pointer]
