"""What is wrong where in a request, told without what was sent."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic import BaseModel

from api.bodies import NO_NUL
from api.card_numbers import has_card_number

_MOST: Final = 100
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}", re.ASCII)
_OWN_WORDS: Final = {
    "extra_forbidden": "is not a field of this body",
    "union_tag_invalid": "is none of the kinds that are known",
    "missing": "is required",
}


class Fault(BaseModel):
    """One thing wrong: a JSON pointer into the body, or the name of a parameter."""

    pointer: str
    message: str
    parameter: str | None = None


def faults_of(errors: Iterable[Any], body: Any) -> list[Fault]:
    """Translate the framework's errors about the body or the parameters, the first hundred of them."""
    return [_fault(error, body) for error, _ in zip(errors, range(_MOST), strict=False)]


def _fault(error: Any, body: Any) -> Fault:
    source, *path = error["loc"]
    kind = error["type"]
    message = _OWN_WORDS.get(kind) or error["msg"].removeprefix("Value error, ")
    if error.get("ctx", {}).get("pattern") == NO_NUL:
        message = "must not hold a NUL character"
    if source != "body":
        return Fault(pointer="", message=message, parameter=str(path[0]) if path else None)
    if kind == "extra_forbidden" and not _nameable(path[-1]):
        # The name itself is somebody's text: point at the part that it is in.
        path, message = path[:-1], "has a field that it must not have"
    missing = path[-1:] if kind == "missing" else []
    return Fault(pointer=pointer_of([*_inside(body, path), *missing]), message=message)


def _nameable(name: Any) -> bool:
    return isinstance(name, str) and bool(_PLAIN_NAME.fullmatch(name)) and not has_card_number(name)


def _inside(body: Any, path: Sequence[str | int]) -> list[str | int]:
    """Leave out of a path what the body does not have: the names of a union's branches."""
    kept: list[str | int] = []
    part = body
    for step in path:
        in_object = isinstance(part, dict) and step in part
        if in_object or (isinstance(part, list) and isinstance(step, int) and step < len(part)):
            kept.append(step)
            part = part[step]
    return kept


def pointer_of(path: Sequence[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
