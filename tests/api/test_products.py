"""Products, put and read."""

from uuid import uuid4

import httpx
import pytest


async def test_a_product_is_created_then_replaced_then_read(ops: httpx.AsyncClient) -> None:
    sku = f"MUG/{uuid4().hex}"
    url = f"/v1/products/{sku.replace('/', '%2F')}"

    created = await ops.put(url, json={"sku": sku, "name": "Mug", "weight_g": 350})
    replaced = await ops.put(url, json={"name": "Mug, blue", "weight_g": 351})
    repeated = await ops.put(url, json={"name": "Mug, blue", "weight_g": 351})
    read = await ops.get(url)

    assert [created.status_code, replaced.status_code, repeated.status_code] == [201, 200, 200]
    assert created.json() == {
        "sku": sku,
        "name": "Mug",
        "weight_g": 350,
        "tax_category": "standard",
        "dims_mm": None,
        "flags": [],
        "category": None,
    }
    assert read.json() == repeated.json() == created.json() | {"name": "Mug, blue", "weight_g": 351}


async def test_a_product_is_taxed_as_its_category_in_small_letters(ops: httpx.AsyncClient) -> None:
    url = f"/v1/products/{uuid4().hex}"

    created = await ops.put(url, json={"name": "Tea", "weight_g": 100, "tax_category": "Food"})
    replaced = await ops.put(url, json={"name": "Tea", "weight_g": 100})

    assert created.json()["tax_category"] == "food"
    assert replaced.json()["tax_category"] == "standard"


async def test_a_product_keeps_its_sides_flags_and_category(ops: httpx.AsyncClient) -> None:
    url = f"/v1/products/{uuid4().hex}"
    facts = {"dims_mm": [600, 200, 150], "flags": ["oversize"], "category": "outdoor"}

    await ops.put(url, json={"name": "Tent", "weight_g": 4000, **facts})

    assert (await ops.get(url)).json().items() >= facts.items()


async def test_another_sku_in_the_body_is_refused(ops: httpx.AsyncClient) -> None:
    answer = await ops.put("/v1/products/A", json={"sku": "B", "name": "A", "weight_g": 1})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/sku"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "A"}, "/weight_g"),
        ({"name": "A", "weight_g": -1}, "/weight_g"),
        ({"name": "A", "weight_g": 2**31}, "/weight_g"),
        ({"name": "A", "weight_g": 1.0}, "/weight_g"),
        ({"name": "", "weight_g": 1}, "/name"),
        ({"name": "A", "weight_g": 1, "colour": "blue"}, "/colour"),
    ],
)
async def test_a_product_that_cannot_be_is_refused(
    ops: httpx.AsyncClient, body: dict[str, object], pointer: str
) -> None:
    answer = await ops.put("/v1/products/A", json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_unknown_product_is_404(ops: httpx.AsyncClient) -> None:
    assert (await ops.get(f"/v1/products/{uuid4().hex}")).status_code == 404


async def test_a_sku_beyond_its_length_is_422(ops: httpx.AsyncClient) -> None:
    assert (await ops.get(f"/v1/products/{'x' * 101}")).status_code == 422
