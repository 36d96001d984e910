"""Postal areas from a file."""

from typing import Final

from adapters.db.postal import PostalArea, normalise_country, normalise_postal_code
from adapters.files import kinds
from adapters.files.sheet import Numbered, Parsed, Sheet

_COLUMNS: Final = {
    "country": (),
    "postal_code": ("zip", "zip_code", "zip_prefix", "prefix"),
    "lat": ("latitude",),
    "lng": ("longitude", "lon"),
}


def read_postal_areas(file: str, content: bytes, country: str = "US") -> Parsed[PostalArea]:
    """Read codes or prefixes and their centres, each once, or raise UnusableFile."""
    sheet = Sheet(file, content, columns=_COLUMNS, required=("postal_code", "lat", "lng"))
    rows = []
    for cells in sheet.rows():
        area = PostalArea(
            country=normalise_country(cells.optional("country", kinds.text(2), country)),
            postal_code=normalise_postal_code(cells.required("postal_code", kinds.text(12))),
            lat=cells.required("lat", kinds.LATITUDE),
            lng=cells.required("lng", kinds.LONGITUDE),
        )
        if sheet.sound(cells.line) and not area.postal_code:
            sheet.refuse(cells.line, "postal_code", "holds no letter or digit")
        what = f"{area.country} {area.postal_code}"
        sheet.once(cells.line, "postal_code", (area.country, area.postal_code), what)
        rows.append(Numbered(cells.line, area))
    return sheet.finish(rows)
