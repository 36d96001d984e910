"""A file as a header and rows of texts, each with its line, whatever it is written in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

Refuse = Callable[[int, str | None, str], None]
"""Notes what is wrong on a line: in which column, if in one, and how."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it begins on; `lines` are those of its fields, where they stand on their own."""

    line: int
    fields: Sequence[str]
    lines: Sequence[int] = ()

    def line_of(self, field: int) -> int:
        """Where a field stands."""
        return self.lines[field] if self.lines else self.line


class Rows(Protocol):
    """What a file holds."""

    header: Sequence[str]
    """The names of its columns as they are written."""

    def below(self) -> Iterator[Row]:
        """Yield the rows, each with a field for every column; what is none is refused."""
