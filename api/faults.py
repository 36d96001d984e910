"""What is wrong where in a request, told without what was sent."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from pydantic import BaseModel

from api.bodies import EMAIL, ON_ONE_LINE, VISIBLE
from api.card_numbers import has_card_number

_MOST: Final = 100
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}", re.ASCII)
_OWN_WORDS: Final = {
    "extra_forbidden": "is not a field of this body",
    "union_tag_invalid": "is none of the kinds that are known",
    "missing": "is required",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "has too few entries: at least {min_length}",
    "too_long": "has too many entries: at most {max_length}",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_unicode": "must be a text that UTF-8 can hold",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_pattern_mismatch": "is not of the form {pattern}",
    "date_type": "must be a day, as 2026-11-23",
    "date_parsing": "must be a day, as 2026-11-23",
    "date_from_datetime_parsing": "must be a day, as 2026-11-23",
    "date_from_datetime_inexact": "must be a day, as 2026-11-23",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}
"""In the words of JSON and of this API, by the validator's name for what is wrong."""


_FORMS: Final = {
    VISIBLE: "must hold more than spaces, and no NUL character",
    ON_ONE_LINE: "must hold more than spaces, and no tab, line end or other control character",
    EMAIL: "must look like an address for mails, with one @ inside",
}


class Fault(BaseModel):
    """One thing wrong: a JSON pointer into the body, or the name of a parameter."""

    pointer: str
    message: str
    parameter: str | None = None


def faults_of(errors: Iterable[Any], body: Any) -> list[Fault]:
    """Translate the framework's errors about the body or the parameters, the first hundred of them."""
    told = list(islice(errors, _MOST))
    return [_fault(error, body) for error in told if not _follows(error, told)]


def _follows(error: Any, others: Sequence[Any]) -> bool:
    """Whether a list only seems too short because the validator counts no entry that is at fault itself."""
    where = tuple(error["loc"])
    return error["type"] == "too_short" and any(
        len(one["loc"]) > len(where) and tuple(one["loc"][: len(where)]) == where for one in others
    )


def _fault(error: Any, body: Any) -> Fault:
    source, *path = error["loc"]
    kind = error["type"]
    message = _message(kind, error)
    if source != "body":
        return Fault(pointer="", message=message, parameter=str(path[0]) if path else None)
    if kind == "extra_forbidden" and not nameable(path[-1]):
        # The name itself is somebody's text: point at the part that it is in.
        path, message = path[:-1], "has a field that it must not have"
    missing = path[-1:] if kind == "missing" else []
    return Fault(pointer=pointer_of([*_inside(body, path), *missing]), message=message)


def _message(kind: str, error: Any) -> str:
    numbers = error.get("ctx", {})
    if numbers.get("pattern") in _FORMS:
        return _FORMS[numbers["pattern"]]
    own = _OWN_WORDS.get(kind)
    return own.format(**numbers) if own else str(error["msg"]).removeprefix("Value error, ")


def nameable(name: Any) -> bool:
    """Whether a field's name may be repeated: any other is somebody's text."""
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
