"""The published description tells what the routes do."""

from typing import Any

import httpx
import pytest

METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture
async def described(http: httpx.AsyncClient) -> dict[str, Any]:
    answer = await http.get("/openapi.json")
    described: dict[str, Any] = answer.raise_for_status().json()
    return described


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


async def test_every_route_has_a_summary_of_its_own(described: dict[str, Any]) -> None:
    summaries = [
        operation["summary"] for path, _, operation in operations(described) if path.startswith("/v1")
    ]

    assert summaries
    assert len(set(summaries)) == len(summaries)


async def test_every_problem_is_described_by_its_media_type(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        for status in ("401", "404", "422", "500"):
            content = operation["responses"][status]["content"]
            assert content.keys() == {"application/problem+json"}, (path, method, status)


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
