"""Calendars of locations and carriers from a file."""

from typing import Final

from adapters.db.working_days import WEEKDAYS, WorkCalendar, holidays_of
from adapters.files import kinds
from adapters.files.kinds import Kind
from adapters.files.lists import several, weekdays
from adapters.files.sheet import Numbered, Parsed, Sheet

_COLUMNS: Final = {
    "name": ("calendar",),
    "open_weekdays": ("weekdays", "open"),
    "holidays": (),
    "closed": ("closed_dates",),
    "extra_open": ("open_dates",),
}
_A_YEAR: Final = 2026  # any: whether a country's holidays are known does not hang on the year


def read_calendars_file(file: str, content: bytes) -> Parsed[WorkCalendar]:
    """Read calendars, each name once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_COLUMNS, required=("name",))
    rows = []
    for cells in sheet.rows():
        name = cells.required("name", kinds.text(100))
        calendar = WorkCalendar(
            name=name,
            open_weekdays=cells.optional("open_weekdays", weekdays(), WEEKDAYS),
            holidays=cells.optional("holidays", _holidays(), None),
            closed=cells.optional("closed", several(kinds.day()), ()),
            extra_open=cells.optional("extra_open", several(kinds.day()), ()),
        )
        sheet.once(cells.line, "name", name, f"calendar {name}")
        rows.append(Numbered(cells.line, calendar))
    return sheet.finish(rows)


def _holidays() -> Kind[str]:
    def parse(raw: str) -> str:
        where = raw.upper()
        try:
            holidays_of(where, _A_YEAR, _A_YEAR)
        except NotImplementedError:
            raise ValueError(f"no public holidays are known of {kinds.quoted(raw)}") from None
        return where

    return Kind(parse, "")
