"""Products from a file: a catalog, or any file that says what a SKU weighs."""

from typing import Final

from adapters.csv import kinds
from adapters.csv.sheet import Numbered, Parsed, Sheet
from adapters.db.catalog import Product

_COLUMNS: Final = {"sku": (), "name": ("title",), "weight_g": ("weight", "grams"), "category": ()}


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
        product = Product(sku, name, cells.required("weight_g", kinds.whole()))
        if not sheet.sound(cells.line):
            continue
        first = rows.setdefault(sku, Numbered(cells.line, product))
        if first.value.weight_g != product.weight_g:
            sheet.refuse(cells.line, "weight_g", f"{sku} weighs {first.value.weight_g} on line {first.line}")
        elif "name" in sheet.columns and first.value.name != name:
            sheet.refuse(cells.line, "name", f"{sku} is called {first.value.name!r} on line {first.line}")
    return sheet.finish(list(rows.values()))
