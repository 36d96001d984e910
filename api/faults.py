"""What is wrong where in a request, told without what was sent."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic import BaseModel

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


def faults_of(errors: Iterable[Any]) -> list[Fault]:
    """Translate the framework's errors, the first hundred of them."""
    return [_fault(error) for error, _ in zip(errors, range(_MOST), strict=False)]


def _fault(error: Any) -> Fault:
    source, *path = error["loc"]
    message = _OWN_WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if source != "body":
        return Fault(pointer="", message=message, parameter=str(path[0]) if path else None)
    if error["type"] == "extra_forbidden" and not _nameable(path[-1]):
        # The name itself is somebody's text: point at the part that it is in.
        return Fault(pointer=pointer_of(path[:-1]), message="has a field that is not one of this body")
    return Fault(pointer=pointer_of(path), message=message)


def _nameable(name: Any) -> bool:
    return isinstance(name, str) and bool(_PLAIN_NAME.fullmatch(name)) and not has_card_number(name)


def pointer_of(path: Sequence[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
