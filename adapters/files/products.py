"""Products from a file: a catalog, or any file that says what a SKU weighs."""

from typing import Final

from adapters.db.catalog import Product
from adapters.files import kinds
from adapters.files.lists import several
from adapters.files.sheet import Cells, Numbered, Parsed, Sheet
from domain.tax import STANDARD

_COLUMNS: Final = {
    "sku": (),
    "name": ("title",),
    "weight_g": ("weight", "grams"),
    "category": (),
    "tax_category": (),
    "length_mm": (),
    "width_mm": (),
    "height_mm": (),
    "flags": (),
}
_SIDES: Final = ("length_mm", "width_mm", "height_mm")


def read_products(file: str, content: bytes) -> Parsed[Product]:
    """Read products, each SKU once, or raise UnusableFile.

    A SKU may come again (order lines do) as long as the file says the same of it. A product without a name is
    called after its category, or its SKU.
    """
    sheet = Sheet(file, content, columns=_COLUMNS, required=("sku", "weight_g"))
    rows: dict[str, Numbered[Product]] = {}
    for cells in sheet.rows():
        sku = cells.required("sku", kinds.text(100))
        called = cells.optional("category", kinds.text(), sku)
        name = cells.optional("name", kinds.text(), called)
        taxed_as = cells.optional("tax_category", kinds.word(), STANDARD)
        sides = _sides(sheet, cells)
        product = Product(
            sku=sku,
            name=name,
            weight_g=cells.required("weight_g", kinds.whole()),
            tax_category=taxed_as,
            category=cells.optional("category", kinds.text(100), None),
            flags=cells.optional("flags", several(kinds.word()), ()),
            length_mm=sides and sides[0],
            width_mm=sides and sides[1],
            height_mm=sides and sides[2],
        )
        if not sheet.sound(cells.line):
            continue
        first = rows.setdefault(sku, Numbered(cells.line, product))
        if first.value.weight_g != product.weight_g:
            sheet.refuse(cells.line, "weight_g", f"{sku} weighs {first.value.weight_g} on line {first.line}")
        elif "name" in sheet.columns and first.value.name != name:
            sheet.refuse(cells.line, "name", f"{sku} is called {first.value.name!r} on line {first.line}")
        elif first.value.tax_category != taxed_as:
            what = f"{sku} is taxed as {first.value.tax_category} on line {first.line}"
            sheet.refuse(cells.line, "tax_category", what)
    return sheet.finish(list(rows.values()))


def _sides(sheet: Sheet, cells: Cells) -> tuple[int, int, int] | None:
    length, width, height = (cells.optional(side, kinds.whole(), None) for side in _SIDES)
    if length is not None and width is not None and height is not None:
        return length, width, height
    if not length is width is height is None:
        sheet.refuse(cells.line, "length_mm", "length_mm, width_mm and height_mm go together")
    return None
