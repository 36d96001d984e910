"""What an order cannot hold is refused where it stands, in words that a person can follow."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import ValidationError

from api.order_bodies import HoldPosted, OrderPosted

EXAMPLE: dict[str, Any] = OrderPosted.model_json_schema()["example"]


async def refusal(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, str]:
    answer = await client.post("/v1/orders", json=body, headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 422
    return {error["pointer"]: error["message"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("currency", ["ZZZ", "usd", "US", "XAU", "XTS", " USD"])
async def test_a_currency_is_one_that_the_world_knows(storefront: httpx.AsyncClient, currency: str) -> None:
    told = await refusal(storefront, EXAMPLE | {"currency": currency})

    assert told == {"/currency": "is no currency of ISO 4217, in three capital letters"}


@pytest.mark.parametrize("country", ["XX", "us", "USA", "ZZ"])
async def test_a_country_is_one_that_the_world_knows(storefront: httpx.AsyncClient, country: str) -> None:
    told = await refusal(storefront, EXAMPLE | {"ship_to": EXAMPLE["ship_to"] | {"country": country}})

    assert told == {"/ship_to/country": "is no country of ISO 3166-1, in two capital letters"}


@pytest.mark.parametrize("field", ["name", "line1", "city", "region", "postal_code"])
async def test_an_address_has_no_blank_parts(storefront: httpx.AsyncClient, field: str) -> None:
    told = await refusal(storefront, EXAMPLE | {"ship_to": EXAMPLE["ship_to"] | {field: "  "}})

    assert told == {
        f"/ship_to/{field}": "must hold more than spaces, and no tab, line end or other control character"
    }


@pytest.mark.parametrize("name", ["Ada\tField", "Ada\nField", "\x1b[1mAda", "Ada\x7f"])
async def test_a_name_stands_on_one_line(storefront: httpx.AsyncClient, name: str) -> None:
    told = await refusal(storefront, EXAMPLE | {"customer": EXAMPLE["customer"] | {"name": name}})

    assert list(told) == ["/customer/name"]


@pytest.mark.parametrize("email", ["ada", "@", "ada@", "@example.com", "a@b c", "a@b@c", "a@b\n"])
async def test_an_email_looks_like_one(storefront: httpx.AsyncClient, email: str) -> None:
    told = await refusal(storefront, EXAMPLE | {"customer": EXAMPLE["customer"] | {"email": email}})

    assert list(told) == ["/customer/email"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lines": []}, {"/lines": "has too few entries: at least 1"}),
        (
            {"lines": [{"sku": "A", "quantity": 0, "unit_price": 1}]},
            {"/lines/0/quantity": "must be at least 1"},
        ),
        ({"lines": {}}, {"/lines": "must be a list"}),
        ({"customer": "Ada"}, {"/customer": "must be an object"}),
        ({"channel": ""}, {"/channel": "must not be empty"}),
        ({"channel": 7}, {"/channel": "must be a text"}),
        ({"order_number": "x" * 101}, {"/order_number": "is too long: at most 100 characters"}),
        ({"tax": -1}, {"/tax": "must be at least 0"}),
        ({"tax": 0.5}, {"/tax": "must be a whole number"}),
        ({"routing": "fast"}, {"/routing": "must be 'auto' or 'manual'"}),
    ],
)
async def test_a_message_says_what_the_part_must_be(
    storefront: httpx.AsyncClient, change: dict[str, Any], told: dict[str, str]
) -> None:
    assert await refusal(storefront, EXAMPLE | change) == told


def test_a_hold_names_each_step_once() -> None:
    with pytest.raises(ValidationError, match="a step is named twice"):
        HoldPosted.model_validate({"type": "fraud", "reason": "odd", "blocks": ["capture", "capture"]})
