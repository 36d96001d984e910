"""What locations should hold, from a file."""

from typing import Final

from adapters.db.stock_targets import StockTargets
from adapters.files import kinds
from adapters.files.sheet import Numbered, Parsed, Sheet

_COLUMNS: Final = {
    "location_id": ("location",),
    "sku": (),
    "safety_stock": ("safety",),
    "maximum": ("max",),
    "least_cover_days": (),
    "most_cover_days": (),
}
_DAYS: Final = kinds.whole(0, 3_650)


def read_stock_targets(file: str, content: bytes) -> Parsed[StockTargets]:
    """Read safety stock and bounds, each cell once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_COLUMNS, required=("location_id", "sku"))
    rows = []
    for cells in sheet.rows():
        targets = StockTargets(
            location_id=cells.required("location_id", kinds.text(100)),
            sku=cells.required("sku", kinds.text(100)),
            safety_stock=cells.optional("safety_stock", kinds.whole(), 0),
            maximum=cells.optional("maximum", kinds.whole(), None),
            least_cover_days=cells.optional("least_cover_days", _DAYS, None),
            most_cover_days=cells.optional("most_cover_days", _DAYS, None),
        )
        sheet.once(cells.line, "sku", targets.cell, f"{targets.sku} at {targets.location_id}")
        if not sheet.sound(cells.line):
            continue
        if targets.maximum is not None and targets.maximum < targets.safety_stock:
            cells.refuse("maximum", "below the safety stock")
        least, most = targets.least_cover_days, targets.most_cover_days
        if least is not None and most is not None and most < least:
            cells.refuse("most_cover_days", "below least_cover_days")
        rows.append(Numbered(cells.line, targets))
    return sheet.finish(rows)
