"""What tests ask of the published description."""

import copy
from collections.abc import Iterator
from typing import Any

METHODS = {"get", "put", "post", "delete", "patch"}
JSON = "application/json"


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every (path, method, operation)."""
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def published(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """The operations of the contract, without those that only tests have."""
    return [one for one in operations(described) if one[0].startswith("/v1/")]


def resolved(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where there was a reference to it."""
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def says_something(response: dict[str, Any], described: dict[str, Any]) -> bool:
    """Whether an answer has a schema that tells its fields, and so have the things in a list of them."""
    schema = resolved(response.get("content", {}).get(JSON, {}).get("schema", {}), described)
    listed = schema.get("properties", {}).get("data")
    if listed is not None:
        schema = resolved(listed.get("items", {}), described)
    return "properties" in schema or "anyOf" in schema


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The JSON contents of an operation's body and of its good answers."""
    parts = [operation.get("requestBody", {})]
    parts += [response for status, response in operation["responses"].items() if status[0] == "2"]
    for part in parts:
        if JSON in part.get("content", {}):
            yield part["content"][JSON]


def name_of(content: dict[str, Any]) -> str | None:
    """The name of a content's schema."""
    ref: str | None = content["schema"].get("$ref")
    return ref and ref.rsplit("/", 1)[1]


def has_example(content: dict[str, Any], described: dict[str, Any]) -> bool:
    """Whether there is an example of it; a list is shown by an example of what it lists."""
    schema = next(iter(content["schema"].get("anyOf", [content["schema"]])))
    schema = resolved(schema, described)
    listed = schema.get("properties", {}).get("data", {}).get("items")
    return "example" in content or "example" in (resolved(listed, described) if listed else schema)


def shown_bodies(operation: dict[str, Any], described: dict[str, Any]) -> list[Any]:
    """The examples of an operation's body."""
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    branches = content.get("schema", {}).get("anyOf", [content.get("schema", {})])
    parts = [content, *(resolved(branch, described) for branch in branches)]
    return [part["example"] for part in parts if "example" in part]


def without_keys(described: dict[str, Any]) -> dict[str, Any]:
    """The description for somebody whose client brings the key."""
    for _, _, operation in operations(described):
        operation.pop("security", None)
    return described


def strict(described: dict[str, Any]) -> dict[str, Any]:
    """The description as tests hold answers to it: a field that it does not tell is wrong."""
    stricter = copy.deepcopy(described)
    for schema in stricter["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return stricter
