"""What the published description says beside the routes themselves.

A new route documents itself: its body and its `response_model=` are the schemas, and the problems that it can
answer follow from what it declares (a key, a body, an Idempotency-Key, names in its path). Only a status that
does not follow is told on the route, in its own words: `responses={429: {"description": "…"}}`.
"""

from typing import Any, Final

from fastapi import FastAPI

from api.problems import MEDIA_TYPE, Problem

DESCRIPTION: Final = """\
Orders from capture to return. Money is an integer in minor units; times are RFC 3339 UTC; errors are
problems of RFC 9457. A POST names itself by `Idempotency-Key`, and a repeat of it answers the same."""

_FORM: Final = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
_MEANINGS: Final = {
    400: "The header Idempotency-Key lacks or is malformed",
    401: "No key, or one that does not work",
    403: "The key lacks the scope",
    404: "Not there, or not yours",
    409: "The state of things forbids it, or the first request of this Idempotency-Key is under way",
    413: "The body is too large",
    415: "The body is not said to be JSON",
    422: "The content cannot be; `errors` says where",
    500: "A defect",
    503: "Outcome unknown: repeat with the same Idempotency-Key",
}
_IDEMPOTENCY_KEY: Final = "Idempotency-Key"

INVALID: Final[dict[int | str, dict[str, Any]]] = {422: {"description": _MEANINGS[422]}}
"""For the application: replaces the framework's own form of this problem."""


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the published description, with the problems that each route can answer and their form."""
    known = app.openapi_schema is not None
    description = FastAPI.openapi(app)
    if not known:
        for methods in description["paths"].values():
            for operation in methods.values():
                _complete(operation)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = description["components"]["schemas"]
        schemas |= {**problem.pop("$defs"), Problem.__name__: problem}
        for schema in schemas.values():
            _put_nulls_back(schema.get("example"), schema, schemas)
    return description


def _put_nulls_back(example: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    # The framework leaves every null out of the description, those of examples too.
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(example, list):
        for item in example:
            _put_nulls_back(item, schema.get("items", {}), schemas)
    elif isinstance(example, dict):
        for name in schema.get("required", ()):
            example.setdefault(name, None)
        for name, part in schema.get("properties", {}).items():
            _put_nulls_back(example.get(name), part, schemas)


def _complete(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        _say_what_is_sent(parameter["schema"])
    told, possible = operation["responses"], _problems_of(operation)
    if 422 not in possible:  # noqa: PLR2004 (the framework gave it to every route)
        del told["422"]
    for status in possible:
        told.setdefault(str(status), {"description": _MEANINGS[status]})
    for status, response in told.items():
        if status[0] in "45":
            response.setdefault("content", _FORM)
    operation["responses"] = dict(sorted(told.items()))


def _say_what_is_sent(schema: dict[str, Any]) -> None:
    # The framework tells of an optional parameter that it may be null, which no query can say.
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]


def _problems_of(operation: dict[str, Any]) -> set[int]:
    """What a route can refuse by what it declares; who has no key of ours is only not found or let down."""
    parameters = operation.get("parameters", ())
    named = {404} if any(one["in"] == "path" for one in parameters) else set()
    if "security" not in operation:
        return named | {500, 503} if named else {500}
    keyed = any(one["name"] == _IDEMPOTENCY_KEY for one in parameters)
    return (
        named
        | {401, 403, 500, 503}
        | ({422} if parameters or "requestBody" in operation else set())
        | ({400, 409, 413} if keyed else set())
        | ({413, 415} if "requestBody" in operation else set())
    )
