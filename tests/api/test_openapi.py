"""The published description tells what the routes do."""

from typing import Any

import httpx
import jsonschema_rs
import pytest

from tests.api.description import (
    contents,
    has_example,
    name_of,
    operations,
    published,
    says_something,
    strict,
)


@pytest.fixture
async def described(http: httpx.AsyncClient) -> dict[str, Any]:
    answer = await http.get("/openapi.json")
    described: dict[str, Any] = answer.raise_for_status().json()
    return described


async def test_every_route_has_a_summary_of_its_own(described: dict[str, Any]) -> None:
    summaries = [
        operation["summary"] for path, _, operation in operations(described) if path.startswith("/v1")
    ]

    assert summaries
    assert len(set(summaries)) == len(summaries)


async def test_every_problem_is_described_by_its_media_type(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        for status, response in operation["responses"].items():
            if status[0] in "45" and (path, status) != ("/readyz", "503"):
                assert response["content"].keys() == {"application/problem+json"}, (path, method, status)


@pytest.mark.parametrize(
    ("method", "path", "problems"),
    [
        ("get", "/livez", "500"),
        ("get", "/v1/orders", "401 403 422 500 503"),
        ("get", "/v1/orders/{order_id}", "401 403 404 422 500 503"),
        ("put", "/v1/products/{sku}", "401 403 404 413 415 422 500 503"),
        ("post", "/v1/orders", "400 401 403 409 413 415 422 500 503"),
        ("post", "/v1/fulfillments/{fulfillment_id}/pack", "400 401 403 404 409 413 422 500 503"),
        ("post", "/v1/routing/plan", "401 403 413 415 422 429 500 503"),
        ("post", "/v1/carriers/{carrier}/events", "401 404 413 500 503"),
        ("post", "/v1/payments/{provider}/notices", "401 404 413 500 503"),
    ],
)
async def test_problems_follow_from_what_a_route_declares(
    described: dict[str, Any], method: str, path: str, problems: str
) -> None:
    responses = described["paths"][path][method]["responses"]

    assert [status for status in responses if status[0] in "45"] == problems.split()


async def test_every_route_says_what_it_answers(described: dict[str, Any]) -> None:
    silent = [
        f"{method.upper()} {path} {status}"
        for path, method, operation in published(described)
        for status, response in operation["responses"].items()
        if status[0] == "2" and status != "204" and not says_something(response, described)
    ]

    assert silent == [], (
        "these answers have no schema: name a model of api/schemas on the route, as `response_model=Order` "
        'or `responses={201: {"model": Order, "description": "…"}}` (see the docstring of api/openapi.py)'
    )


async def test_every_body_and_every_answer_of_one_thing_has_an_example(described: dict[str, Any]) -> None:
    without = sorted(
        {
            f"{method.upper()} {path}: {name_of(content) or 'the schema in the route'}"
            for path, method, operation in published(described)
            for content in contents(operation)
            if not has_example(content, described)
        }
    )

    assert without == [], 'give the model json_schema_extra={"example": …}, as api/order_bodies.py does'


async def test_examples_are_what_they_show(described: dict[str, Any]) -> None:
    schemas = strict(described)["components"]["schemas"]
    examples = {name: schema["example"] for name, schema in schemas.items() if "example" in schema}

    assert examples
    for name, example in examples.items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        assert list(jsonschema_rs.validator_for(whole).iter_errors(example)) == [], name


async def test_no_two_schemas_have_one_name(described: dict[str, Any]) -> None:
    # The framework tells two models of one name apart by their modules, which is nobody's business.
    assert [name for name in described["components"]["schemas"] if "__" in name] == []


async def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(value for key, value in part.items() if key == "$ref")
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(described)

    assert {ref.rsplit("/", 1)[1] for ref in found} <= described["components"]["schemas"].keys()


async def test_scopes_and_the_idempotency_key_are_shown(described: dict[str, Any]) -> None:
    effects = described["paths"]["/effects"]["post"]

    assert effects["security"] == [{"key": ["orders:write"]}]
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert [p["required"] for p in effects["parameters"] if p["name"] == "Idempotency-Key"] == [True]
