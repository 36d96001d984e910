"""Rows of a CSV file with a header."""

import csv
import io
from collections.abc import Iterator, Sequence

from adapters.files.rows import Refuse, Row


class CsvRows:
    """A CSV file; the first line names its columns."""

    header: Sequence[str]

    def __init__(self, text: str, refuse: Refuse) -> None:
        self._refuse = refuse
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._records = self._numbered()
        _, self.header = next(self._records, (1, []))

    def below(self) -> Iterator[Row]:
        """Yield the rows below the header, without empty ones; a row of the wrong length is refused."""
        for line, fields in self._records:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(self.header):
                self._refuse(line, None, f"{len(fields)} fields, the header has {len(self.header)}")
                continue
            yield Row(line, [field.strip() for field in fields])

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._reader.line_num + 1
            try:
                fields = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse(line, None, f"not CSV: {error}")
                return
            yield line, fields
