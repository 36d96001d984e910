"""Lists in pages: `limit` rows after a cursor that says where the last page ended."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from domain.errors import InvalidContent

_LONGEST: Final = 1000
_INTEGERS: Final = range(-(2**63), 2**63)

T = TypeVar("T")
Key = tuple[Any, ...]


class BadCursor(InvalidContent):
    """A cursor that we did not give, or not for this list."""

    code = "bad-cursor"


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which part of a list is asked for."""

    limit: Annotated[int, Query(ge=1, le=200, description="Rows per page")] = 50
    cursor: Annotated[
        str | None, Query(max_length=_LONGEST, description="`next_cursor` of the page before")
    ] = None

    def after(self, *kinds: type[str | int | datetime]) -> Key | None:
        """Return the sort key that the page before ended with, of these kinds; None for the first page."""
        return None if self.cursor is None else _read(self.cursor, kinds)


Page = Annotated[PageAsked, Depends()]
"""For a route: `page: Page`."""


class Listed(BaseModel, Generic[T]):
    """A page of a list."""

    data: list[T]
    next_cursor: Annotated[str | None, Field(description="null on the last page")]


def page_of(rows: Sequence[T], asked: PageAsked, key: Callable[[T], Key]) -> tuple[list[T], str | None]:
    """Split `limit + 1` rows into a page and the cursor after it (None on the last page)."""
    shown = list(rows[: asked.limit])
    more = len(rows) > asked.limit
    return shown, cursor_of(key(shown[-1])) if more else None


def cursor_of(key: Key) -> str:
    """Write a sort key as an opaque text."""
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    text = json.dumps(plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, kinds: Sequence[type]) -> Key:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        parts = json.loads(text)
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise BadCursor("The cursor is none of this list.")
        return tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (binascii.Error, ValueError, OverflowError, RecursionError) as error:
        raise BadCursor("The cursor is none of this list.") from error


def _part(part: Any, kind: type) -> Any:
    if kind is datetime and isinstance(part, str):
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError("a naive time")
        return moment.astimezone(UTC)  # one that no year holds in UTC raises
    if type(part) is not kind:
        raise ValueError("a part of another kind")
    if isinstance(part, int) and part not in _INTEGERS:
        raise ValueError("a number that no column holds")
    if isinstance(part, str):
        if "\x00" in part:
            raise ValueError("a NUL character")
        part.encode()  # a lone surrogate raises, as a ValueError
    return part
