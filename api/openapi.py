"""What the published description says beside the routes themselves."""

from typing import Any, Final

from fastapi import FastAPI

from api.problems import MEDIA_TYPE, Problem

DESCRIPTION: Final = """\
Orders from capture to return. Money is an integer in minor units; times are RFC 3339 UTC; errors are
problems of RFC 9457. A POST names itself by `Idempotency-Key`, and a repeat of it answers the same."""


_PROBLEM: Final = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}


def _documented(meaning: str) -> dict[str, Any]:
    return {
        "description": meaning,
        "content": _PROBLEM,
    }


PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: _documented("A required header lacks"),
    401: _documented("No key, or one that does not work"),
    403: _documented("The key lacks the scope"),
    404: _documented("Not there, or not yours"),
    409: _documented("The state of things forbids it"),
    413: _documented("The body is too large"),
    415: _documented("The body is not JSON"),
    422: _documented("The content cannot be; `errors` says where"),
    429: _documented("Too much at once; `Retry-After` says when to ask again"),
    500: _documented("A defect"),
    503: _documented("Outcome unknown: repeat with the same Idempotency-Key"),
}
"""The problems that any route can answer."""


def _complete(responses: dict[str, Any]) -> None:
    # A route that tells in its own words what a status means there need not repeat the form.
    for status, response in responses.items():
        if status[0] in "45":
            response.setdefault("content", _PROBLEM)


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the published description, with the form of the problems that every route refers to."""
    known = app.openapi_schema is not None
    description = FastAPI.openapi(app)
    if not known:
        for methods in description["paths"].values():
            for operation in methods.values():
                _complete(operation["responses"])
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        description["components"]["schemas"] |= {**problem.pop("$defs"), Problem.__name__: problem}
    return description
