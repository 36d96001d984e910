"""Every refusal is a problem of RFC 9457, and none repeats what was sent."""

import logging
from typing import Any

import httpx
import pytest

from adapters.db.keys import Role
from api.problems import STATUSES, problem_of
from config.settings import Settings
from domain.errors import InvalidContent, ThroughlineError
from tests.api.conftest import MakeKey
from tests.api.serving import LOST_HOST, client_of, serving

JSON = {"Content-Type": "application/json"}
CARD = "4111 1111 1111 1111"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


async def test_an_unknown_path_is_404(http: httpx.AsyncClient) -> None:
    problem(await http.get("/v1/nothing"), 404, "not-found")


async def test_a_path_that_no_column_holds_is_404(ops: httpx.AsyncClient) -> None:
    problem(await ops.get("/v1/products/a%00b"), 404, "not-found")
    problem(await ops.get(f"/v1/products/{'x' * 2000}"), 404, "not-found")


async def test_a_query_with_nul_is_422(ops: httpx.AsyncClient) -> None:
    problem(await ops.get("/v1/locations?cursor=%00"), 422, "invalid-content")


async def test_another_method_is_405_and_says_which_are_allowed(http: httpx.AsyncClient) -> None:
    answer = await http.delete("/livez")

    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET"


async def test_a_body_beyond_a_mebibyte_is_413(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/probe", content=b" " * (1024 * 1024 + 1), headers=JSON)

    problem(answer, 413, "content-too-large")


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}])
async def test_a_body_that_is_not_said_to_be_json_is_415(
    storefront: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await storefront.post("/probe", content=b"{}", headers=headers)

    problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{]",
        b"\xff",
        b"[" * 200_000,
        b'{"price": NaN}',
        b"1" * 5000,
        b'{"lat": 1e99999999999999999999}',
    ],
)
async def test_malformed_json_is_422(storefront: httpx.AsyncClient, body: bytes) -> None:
    answer = await storefront.post("/probe", content=body, headers=JSON)

    assert problem(answer, 422, "malformed-json")["errors"][0]["pointer"] == ""


async def test_a_missing_body_is_422(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/probe", headers=JSON)

    assert problem(answer, 422, "invalid-content")["errors"] == [{"pointer": "", "message": "is required"}]


async def test_errors_point_into_the_body(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/probe", json={"lines": [{"sku": "A", "quantity": 1}, {"quantity": 0}]})

    errors = problem(answer, 422, "invalid-content")["errors"]
    assert [error["pointer"] for error in errors] == ["/lines/1/sku", "/lines/1/quantity"]
    assert all(error["message"] for error in errors)


async def test_an_unknown_field_is_422(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/probe", json={"lines": [{"sku": "A", "quantity": 1, "size": 3}]})

    assert problem(answer, 422, "invalid-content")["errors"][0]["pointer"] == "/lines/0/size"


async def test_an_unknown_field_with_a_telling_name_is_not_repeated(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/probe", json={"lines": [{"sku": "A", "quantity": 1, CARD: 3}]})

    assert problem(answer, 422, "invalid-content")["errors"][0]["pointer"] == "/lines/0"
    assert CARD not in answer.text


async def test_a_wrong_parameter_is_422_by_its_name(ops: httpx.AsyncClient) -> None:
    answer = await ops.get("/v1/locations", params={"limit": 201})

    assert problem(answer, 422, "invalid-content")["errors"][0]["parameter"] == "limit"


async def test_a_body_is_looked_at_after_the_key(http: httpx.AsyncClient) -> None:
    problem(await http.post("/probe", content=b"{", headers=JSON), 401, "unauthorized")


async def test_a_defect_tells_nothing_and_logs_no_values(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "api"):
        answer = await http.get("/broken", params={"customer": "Jane Doe"})

    problem(answer, 500, "internal-error")
    assert "Jane" not in answer.text
    assert "RuntimeError" in caplog.text
    assert "probe_routes.py" in caplog.text
    assert "Jane" not in "".join(r.getMessage() for r in caplog.records if r.name.startswith("api"))


async def test_a_value_is_neither_answered_nor_logged(
    storefront: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await storefront.post(
            "/probe", json={"name": f"Jane {CARD}", "price": "Jane's", "at": "Jane"}
        )

    problem(answer, 422, "invalid-content")
    assert "Jane" not in answer.text
    assert "Jane" not in caplog.text
    assert "4111" not in answer.text + caplog.text


async def test_without_a_database_the_outcome_is_unknown(make_key: MakeKey) -> None:
    key = await make_key(Role.OPS)

    async with serving(Settings(database_url=LOST_HOST)) as app, client_of(app, key) as client:
        answer = await client.get("/v1/products/A")

    assert "outcome is unknown" in problem(answer, 503, "outcome-unknown")["detail"]
    assert answer.headers["Retry-After"] == "1"


def test_an_error_of_a_new_kind_answers_as_its_nearest_base() -> None:
    class TooLateError(ThroughlineError):
        code = "too-late"

    class TooVagueError(InvalidContent):
        code = "too-vague"

    assert problem_of(TooLateError("It left.")).status == STATUSES[ThroughlineError]
    assert problem_of(TooVagueError("Which?", "/sku")).status == 422
