"""A file of rows, read cell by cell; every problem is collected before any is raised."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from adapters.files.csv_rows import CsvRows
from adapters.files.kinds import Kind
from adapters.files.problems import Problem, UnusableFile
from adapters.files.rows import Row, Rows
from adapters.files.yaml_rows import YamlRows

T = TypeVar("T")
D = TypeVar("D")

_YAML: Final = (".yaml", ".yml")


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
    """A file being read: YAML by its name's ending, else CSV.

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
        written = YamlRows if file.endswith(_YAML) else CsvRows
        self._rows: Rows = written(self._decoded(content), self.refuse)
        self._header = self._read_header(columns)
        for name in required:
            if self._rows.header and name not in self._header:
                other = f" (or {', '.join(columns[name])})" if columns[name] else ""
                self.refuse(1, name, f"the column{other} is missing")
        if self.problems:
            raise UnusableFile(self.problems)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are read and are there, by our names."""
        return frozenset(self._header)

    def refuse(self, line: int, column: str | None, what: str, *, at: int | None = None) -> None:
        """Note a problem of the row on a line, which stands `at` another one if given; `finish` raises."""
        self.problems.append(Problem(self.file, at or line, column, what))
        self._unsound.add(line)

    def sound(self, line: int) -> bool:
        """Whether nothing is wrong with a row so far, so that it can be compared with others."""
        return line not in self._unsound

    def rows(self) -> Iterator["Cells"]:
        """Yield the rows; what is none is a problem."""
        for row in self._rows.below():
            yield Cells(self, row)

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

    def _read_header(self, columns: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, str]]:
        ours = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
        if not self._rows.header and not self.problems:
            self.refuse(1, None, "the file is empty")
        found: dict[str, tuple[int, str]] = {}
        for index, written in enumerate(self._rows.header):
            name = ours.get(written.strip().lower().replace(" ", "_").replace("-", "_"))
            if name is None:
                continue
            if name in found:
                self.refuse(1, written.strip(), f"the same column as {found[name][1]}")
            found[name] = (index, written.strip())
        return found


class Cells:
    """One row of a sheet."""

    def __init__(self, sheet: Sheet, row: Row) -> None:
        self.line = row.line
        self._sheet = sheet
        self._row = row

    def required(self, column: str, kind: Kind[T]) -> T:
        """Read a cell that must hold something."""
        value = self._read(column, kind)
        if value is None:
            self.refuse(column, "is empty")
            return kind.stand_in
        return value

    def optional(self, column: str, kind: Kind[T], default: D) -> T | D:
        """Read a cell that may be empty, of a column that may not be there."""
        value = self._read(column, kind)
        return default if value is None else value

    def refuse(self, column: str, what: str) -> None:
        """Note what is wrong with a cell, where it stands."""
        place = self._sheet.place(column)
        at, name = (self._row.line_of(place[0]), place[1]) if place else (self.line, column)
        self._sheet.refuse(self.line, name, what, at=at)

    def _read(self, column: str, kind: Kind[T]) -> T | None:
        place = self._sheet.place(column)
        raw = self._row.fields[place[0]] if place else ""
        if not raw:
            return None
        try:
            return kind.parse(raw)
        except ValueError as error:
            self.refuse(column, str(error))
            return kind.stand_in
