"""Invoices and credit notes as PDF: the same document is the same bytes, whoever asks and whenever."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode
from fpdf.fonts import FontFace, TTFFont

from domain.money import written

_TITLES: Final = {"invoice": "Invoice", "credit_note": "Credit note"}
_CORE: Final = "helvetica"
_EMBEDDED: Final = "document"
_INSTEAD: Final = "?"
_LACKING: Final = (
    "Letters that this font lacks are shown by the plain ones nearest to them, or as ?; "
    "the document as JSON has them."
)
_NEAREST: Final = {
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "œ": "oe", "Œ": "OE", "ẞ": "SS",  # noqa: RUF001 (they are what is replaced)
    "–": "-", "—": "-", "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "•": "·", "€": "EUR",  # noqa: RUF001 (they are what is replaced)
}  # fmt: skip
"""Letters and signs that are not a plain one with marks, by what they are written with instead."""
_CONTAINED: Final = "Prices and amounts of the lines include their tax; the sum of the items is without it."
_REFUND_TO: Final = {
    "original": "to the means of payment",
    "store_credit": "as store credit",
    "exchange": "as credit for an exchange",
}
_GREY: Final = 110
_WIDTH: Final = 174
_ORDINARY: Final = 9
_PADDING: Final = 3
"""What a cell keeps free at both sides together, in millimetres, and a little."""
_COLUMNS: Final = {
    "Item": 38, "Units": 10, "Unit price": 14, "Discount": 12, "Tax": 12, "Amount": 16,
}  # fmt: skip
_PARTS: Final = {"items": "Items", "shipping": "Shipping", "adjustment": "Adjustment", "tax": "Tax"}


def render(document: Mapping[str, Any], font: Path | None = None) -> bytes:
    """Render a document that is issued, in the form in which the API shows it.

    `font`: a TrueType file that is embedded. Without one it is Helvetica, which knows western letters only
    (Latin-1). A letter that the font lacks is shown without its marks, else as a question mark, and the page
    says so.
    """
    return bytes(_Sheet(document, font).drawn())


class _Sheet(FPDF):
    def __init__(self, document: Mapping[str, Any], font: Path | None) -> None:
        super().__init__(format="A4")
        self._document = document
        self._lacks = False
        issued: datetime = document["issued_at"]
        self.set_creation_date(issued)
        self.set_margins(18, 18)
        self.set_auto_page_break(auto=True, margin=20)
        self._family = _CORE
        if font is not None:
            self._family = _EMBEDDED
            self.add_font(_EMBEDDED, fname=font)
        self._knows = self._letters()
        self.set_title(self._text(f"{_TITLES[document['kind']]} {document['number']}"))
        self.set_lang("en")

    def drawn(self) -> bytearray:
        """Put all of it on as many pages as it takes."""
        self.add_page()
        self._parties()
        self._lines()
        self._totals()
        self._closing()
        return self.output()

    def footer(self) -> None:
        """Number the pages; the framework calls it at the end of each."""
        self.set_y(-14)
        self._ink(8, _GREY)
        self.cell(0, 4, f"{self._text(self._document['number'])}   {self.page_no()} / {{nb}}", align="C")

    def _letters(self) -> Callable[[str], bool]:
        font = self.fonts.get(_EMBEDDED)
        if not isinstance(font, TTFFont):
            return lambda letter: letter.isprintable() and ord(letter) < 256  # noqa: PLR2004 (Latin-1)
        return lambda letter: ord(letter) in font.cmap

    def _text(self, text: str) -> str:
        whole = unicodedata.normalize("NFC", text)
        shown = "".join(self._letter(letter) for letter in whole)
        self._lacks = self._lacks or shown != whole
        return shown

    def _letter(self, letter: str) -> str:
        if letter == "\n" or self._knows(letter):
            return letter
        parts = unicodedata.normalize("NFKD", letter)
        plain = _NEAREST.get(letter) or "".join(one for one in parts if not unicodedata.combining(one))
        return plain if plain and all(self._knows(one) for one in plain) else _INSTEAD

    def _money(self, amount: int) -> str:
        return written(amount, self._document["currency"])

    def _ink(self, size: float, grey: int = 0) -> None:
        self.set_font(self._family, size=size)
        self.set_text_color(grey)

    def _parties(self) -> None:
        seller, buyer = self._document["seller"], self._document["buyer"]
        self._ink(18)
        self.cell(0, 9, _TITLES[self._document["kind"]], new_x="LMARGIN", new_y="NEXT")
        self._ink(10)
        self.multi_cell(0, 5, self._text(self._about(buyer)), new_x="LMARGIN", new_y="NEXT")
        self.ln(6)
        top = self.get_y()
        self._party("Seller", seller["name"], _lines_of(seller))
        below = self.get_y()
        self.set_y(top)
        self.set_left_margin(110)
        self._party("Buyer", buyer["name"], _lines_of(buyer))
        self.set_left_margin(18)
        self.set_y(max(below, self.get_y()) + 8)

    def _about(self, buyer: Mapping[str, Any]) -> str:
        document = self._document
        shipped = document["shipped_at"]
        corrected = ", ".join(one["number"] for one in document["corrects"] if one["number"])
        return "\n".join(
            [
                f"Number {document['number']}",
                f"Date {document['issued_at'].date().isoformat()}",
                *([f"Supplied {shipped.date().isoformat()}"] if shipped else []),
                *([f"Corrects {corrected}"] if corrected else []),
                f"Order {buyer['order_number']}",
                f"Currency {document['currency']}",
            ]
        )

    def _party(self, title: str, name: str, lines: list[str]) -> None:
        self.set_x(self.l_margin)
        self._ink(8, _GREY)
        self.cell(0, 4, title, new_x="LMARGIN", new_y="NEXT")
        self._ink(10)
        self.multi_cell(80, 5, self._text("\n".join([name, *lines])), new_x="LMARGIN", new_y="NEXT")

    def _lines(self) -> None:
        if not self._document["lines"]:
            return
        rows = [tuple(_COLUMNS), *(self._row(line) for line in self._document["lines"])]
        self._ink(self._fitting(rows))
        with self.table(
            width=_WIDTH,
            col_widths=tuple(_COLUMNS.values()),
            text_align=("LEFT", *["RIGHT"] * (len(_COLUMNS) - 1)),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            cell_fill_mode=TableCellFillMode.NONE,
            headings_style=FontFace(color=_GREY),
            line_height=5,
            padding=1,
        ) as table:
            for row in rows:
                table.row(row)
        self.ln(4)

    def _row(self, line: Mapping[str, Any]) -> tuple[str, ...]:
        tax = line["tax"] + line["contained_tax"]
        sums = (line["unit_price"], line["discount"], tax, line["amount"])
        return (self._text(_item(line)), f"{line['units']:,}", *(self._money(one) for one in sums))

    def _fitting(self, rows: Iterable[tuple[str, ...]]) -> float:
        """The size in which every number has room in its column; what an item is called may be broken."""
        self._ink(_ORDINARY)
        rooms = [_WIDTH * share / sum(_COLUMNS.values()) - _PADDING for share in _COLUMNS.values()]
        widths = (zip(row[1:], rooms[1:], strict=True) for row in rows)
        spare = min((room / self.get_string_width(text) for row in widths for text, room in row), default=1.0)
        return _ORDINARY * min(spare, 1.0)

    def _totals(self) -> None:
        totals = self._document["totals"]
        for part, title in _PARTS.items():
            if totals[part] or part == "items":
                self._total(title, totals[part], size=10)
        self._total(f"Total {self._document['currency']}", totals["total"], size=13)

    def _total(self, title: str, amount: int, *, size: float) -> None:
        self._ink(size)
        money = self._money(amount)
        room = max(40, self.get_string_width(money) + _PADDING)
        self.cell(_WIDTH - room, 7, title, align="R")
        self.cell(room, 7, money, align="R", new_x="LMARGIN", new_y="NEXT")

    def _closing(self) -> None:
        said = []
        if self._document["kind"] == "credit_note":
            where = _REFUND_TO[self._document["refund_to"]]
            said.append(self._text(f"Reason: {self._document['reason']}. It is paid back {where}."))
        if any(line["contained_tax"] for line in self._document["lines"]):
            said.append(_CONTAINED)
        taken_off = self._document["totals"]["adjustment_tax"]
        if taken_off:
            said.append(f"Of the tax, {self._money(taken_off)} is the adjustment's.")
        if self._lacks:
            said.append(_LACKING)
        if said:
            self.ln(6)
            self._ink(9, _GREY)
            self.multi_cell(0, 5, "\n".join(said), new_x="LMARGIN", new_y="NEXT")


def _item(line: Mapping[str, Any]) -> str:
    return f"{line['name']}\n{line['sku']}" if line["name"] else str(line["sku"])


def _lines_of(party: Mapping[str, Any]) -> list[str]:
    """The address of a seller, who has a text, or of a buyer, who has what the storefront sent."""
    address = party["address"]
    if isinstance(address, str):
        return [address, *([f"Tax id {party['tax_id']}"] if party["tax_id"] else [])]
    town = " ".join(address[part] for part in ("city", "region", "postal_code") if part in address)
    name = address.get("name")
    lines = [name] if name and name != party["name"] else []
    lines += [address[part] for part in ("line1", "line2") if part in address]
    return [*lines, town, *([address["country"]] if "country" in address else [])]
