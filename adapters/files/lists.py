"""Cells that hold a time of day, or several values with semicolons between them."""

from datetime import time
from typing import Final, TypeVar

from adapters.files.kinds import Kind, quoted

T = TypeVar("T")

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def several(kind: Kind[T]) -> Kind[tuple[T, ...]]:
    """Values of one kind; "none" alone stands for an empty list, which an empty cell does not."""

    def parse(raw: str) -> tuple[T, ...]:
        if raw.lower() == "none":
            return ()
        return tuple(kind.parse(part.strip()) for part in raw.split(";") if part.strip())

    return Kind(parse, ())


def time_of_day() -> Kind[time]:
    """Hours and minutes on the location's wall, as 14:30."""

    def parse(raw: str) -> time:
        hours, colon, minutes = raw.partition(":")
        if not (colon and hours.isascii() and hours.isdigit() and len(minutes) == 2 and minutes.isdigit()):  # noqa: PLR2004
            raise ValueError(f"{quoted(raw)} is no time of day like 14:30")
        try:
            return time(int(hours), int(minutes))
        except ValueError:
            raise ValueError(f"{quoted(raw)} is no time of day like 14:30") from None

    return Kind(parse, time())


def weekdays() -> Kind[tuple[int, ...]]:
    """Days of the week, as mon;tue;fri; Monday is 0."""

    def parse(raw: str) -> tuple[int, ...]:
        named = [part.strip().lower()[:3] for part in raw.split(";") if part.strip()]
        unknown = [name for name in named if name not in _WEEKDAYS]
        if unknown:
            raise ValueError(f"{quoted(unknown[0])} is none of {', '.join(_WEEKDAYS)}")
        return tuple(sorted({_WEEKDAYS.index(name) for name in named}))

    return Kind(parse, (0,))
