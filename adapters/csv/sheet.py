"""A CSV file with a header, read cell by cell; every problem is collected before any is raised."""

import csv
import io
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.csv.kinds import Kind
from adapters.csv.problems import Problem, UnusableFile

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Numbered(Generic[T]):
    """A row's value and the line it begins on."""

    line: int
    value: T


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A sound file: its rows, and the columns that it has."""

    file: str
    rows: tuple[Numbered[T], ...]
    columns: frozenset[str]

    @property
    def values(self) -> list[T]:
        """The rows without their lines."""
        return [row.value for row in self.rows]

    def problem(self, row: Numbered[T], column: str | None, what: str) -> Problem:
        """Say what a look beyond the file found wrong with one of its rows."""
        return Problem(self.file, row.line, column, what)


class Sheet:
    """A file being read.

    `columns` maps the name of each column that is read to other names it may have; columns of any other name
    are left alone. `required` must be there.
    """

    def __init__(
        self, file: str, content: bytes, *, columns: Mapping[str, Sequence[str]], required: Sequence[str]
    ) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._unsound: set[int] = set()
        self._first_seen: dict[Hashable, int] = {}
        self._reader = csv.reader(io.StringIO(self._decoded(content), newline=""), strict=True)
        self._records = self._numbered_records()
        self._header = self._read_header(columns)
        for name in required:
            if self._width and name not in self._header:
                other = f" (or {', '.join(columns[name])})" if columns[name] else ""
                self.refuse(1, name, f"the column{other} is missing")
        if self.problems:
            raise UnusableFile(self.problems)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are read and are there, by our names."""
        return frozenset(self._header)

    def refuse(self, line: int, column: str | None, what: str) -> None:
        """Note a problem; `finish` raises."""
        self.problems.append(Problem(self.file, line, column, what))
        self._unsound.add(line)

    def sound(self, line: int) -> bool:
        """Whether nothing is wrong with a row so far, so that it can be compared with others."""
        return line not in self._unsound

    def rows(self) -> Iterator["Cells"]:
        """Yield the rows below the header, without empty ones; a row of the wrong length is a problem."""
        for line, record in self._records:
            if not any(field.strip() for field in record):
                continue
            if len(record) != self._width:
                self.refuse(line, None, f"{len(record)} fields, the header has {self._width}")
                continue
            yield Cells(self, line, record)

    def once(self, line: int, column: str, key: Hashable, what: str) -> None:
        """Note a problem if the key was seen before, in a row that could be read."""
        if not self.sound(line):
            return
        first = self._first_seen.setdefault(key, line)
        if first != line:
            self.refuse(line, column, f"{what} is on line {first} already")

    def finish(self, rows: Sequence[Numbered[T]]) -> Parsed[T]:
        """Return the rows, or raise every problem there is."""
        if self.problems:
            raise UnusableFile(self.problems)
        return Parsed(self.file, tuple(rows), self.columns)

    def place(self, column: str) -> tuple[int, str] | None:
        """Where a column is and what the file calls it."""
        return self._header.get(column)

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            what = f"not UTF-8 (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
            raise UnusableFile([Problem(self.file, line, None, what)]) from None

    def _numbered_records(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._reader.line_num + 1
            try:
                record = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.refuse(line, None, f"not CSV: {error}")
                return
            yield line, record

    def _read_header(self, columns: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, str]]:
        ours = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
        _, header = next(self._records, (1, []))
        if not header and not self.problems:
            self.refuse(1, None, "the file is empty")
        self._width = len(header)
        found: dict[str, tuple[int, str]] = {}
        for index, written in enumerate(header):
            name = ours.get(written.strip().lower().replace(" ", "_").replace("-", "_"))
            if name is None:
                continue
            if name in found:
                self.refuse(1, written.strip(), f"the same column as {found[name][1]}")
            found[name] = (index, written.strip())
        return found


class Cells:
    """One row of a sheet."""

    def __init__(self, sheet: Sheet, line: int, record: Sequence[str]) -> None:
        self.line = line
        self._sheet = sheet
        self._record = record

    def required(self, column: str, kind: Kind[T]) -> T:
        """Read a cell that must hold something."""
        name, raw = self._cell(column)
        if not raw:
            self._sheet.refuse(self.line, name, "is empty")
            return kind.stand_in
        return self._parsed(name, raw, kind)

    def optional(self, column: str, kind: Kind[T], default: D) -> T | D:
        """Read a cell that may be empty, of a column that may not be there."""
        name, raw = self._cell(column)
        return self._parsed(name, raw, kind) if raw else default

    def _cell(self, column: str) -> tuple[str, str]:
        place = self._sheet.place(column)
        return (place[1], self._record[place[0]].strip()) if place else (column, "")

    def _parsed(self, name: str, raw: str, kind: Kind[T]) -> T:
        try:
            return kind.parse(raw)
        except ValueError as error:
            self._sheet.refuse(self.line, name, str(error))
            return kind.stand_in
