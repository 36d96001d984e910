"""Counted stock from a file."""

from typing import Final

from adapters.db.opening_stock import OpeningLevel
from adapters.files import kinds
from adapters.files.sheet import Numbered, Parsed, Sheet

_COLUMNS: Final = {"location_id": ("location",), "sku": (), "on_hand": ("quantity", "qty")}


def read_stock(file: str, content: bytes) -> Parsed[OpeningLevel]:
    """Read what lies where, each cell once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_COLUMNS, required=tuple(_COLUMNS))
    rows = []
    for cells in sheet.rows():
        level = OpeningLevel(
            location_id=cells.required("location_id", kinds.text(100)),
            sku=cells.required("sku", kinds.text(100)),
            on_hand=cells.required("on_hand", kinds.whole()),
        )
        cell = (level.location_id, level.sku)
        sheet.once(cells.line, "sku", cell, f"{level.sku} at {level.location_id}")
        rows.append(Numbered(cells.line, level))
    return sheet.finish(rows)
