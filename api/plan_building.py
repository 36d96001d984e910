"""From bodies about a plan to routing's model: same names, and its reasons where something makes no sense."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from pydantic import BeforeValidator, Field

from api.bodies import Body, Identifier
from domain.errors import InvalidContent
from routing import RoutingInputError

_T = TypeVar("_T")
_SETS: Final = frozenset(
    {
        "closed", "countries", "extra_open", "flags", "groups", "handles", "methods", "not_countries",
        "not_regions", "open_weekdays", "regions", "services",
    }
)  # fmt: skip
"""Fields that are lists in JSON and sets in the model: what stands twice in them stands once."""


def _text_only(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be a text")  # noqa: TRY004 (pydantic turns only ValueErrors into answers)
    return value


Names = Annotated[tuple[Identifier, ...], Field(max_length=1_000)]
Clock = Annotated[str, Field(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["14:30"])]
"""A local time of day, to the minute."""

Day = Annotated[date, BeforeValidator(_text_only)]
Millimetres = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


def built(
    kind: type[_T],
    body: Body,
    pointer: str,
    *,
    without: tuple[str, ...] = (),
    own: Mapping[str, Any] | None = None,
) -> _T:
    """Make the model's thing of a body with the same fields; what is not given has the model's default."""
    given = {
        name: frozenset(value) if name in _SETS else value
        for name, value in body
        if value is not None and name not in without
    }
    return attempted(lambda: kind(**{**given, **(own or {})}), pointer)


def attempted(make: Callable[[], _T], pointer: str) -> _T:
    """Return what is made; raises InvalidContent with routing's reason where it makes no sense."""
    try:
        return make()
    except RoutingInputError as error:
        raise InvalidContent(f"{error}.", pointer) from error
