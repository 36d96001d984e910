"""Documents as PDF: what stands on them, on every page, and the same bytes each time."""

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from adapters.invoice_pdf import render


def texts(pdf: bytes) -> list[str]:
    """What a PDF in one of its own fonts says, piece by piece."""
    said: list[str] = []
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            page = zlib.decompress(stream).decode("latin-1")
        except zlib.error:
            continue
        pieces = re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", page)
        said += [re.sub(r"\\(.)", r"\1", piece) for piece in pieces]
    return said


def begins(pdf: bytes, text: str) -> float:
    """How far from the left edge of its page a piece begins the last time that it is said, in points."""
    pages = [zlib.decompress(one) for one in re.findall(rb"stream\n(\x78.*?)\nendstream", pdf, re.DOTALL)]
    places = re.findall(rf"BT ([\d.]+) [\d.]+ Td \({re.escape(text)}\) Tj", b"".join(pages).decode("latin-1"))
    return float(places[-1])


def document(*, lines: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": "inv_1",
        "kind": "invoice",
        "number": "INV-000042",
        "currency": "USD",
        "issued_at": datetime(2026, 11, 23, 15, tzinfo=UTC),
        "totals": {
            "items": 250000, "shipping": 595, "adjustment": 0, "tax": 1, "shipping_tax": 0,
            "adjustment_tax": 0, "total": 250596,
        },
        "lines": [
            {
                "line_id": "1", "sku": f"MUG-{n}", "name": "Mug (blue)", "units": 2, "unit_price": 125050,
                "discount": 100, "tax": 1, "amount": 250001, "contained_tax": 0,
            }
            for n in range(lines)
        ],
        "reason": None,
        "refund_to": None,
        "corrects": [],
        "shipped_at": datetime(2026, 11, 22, 15, tzinfo=UTC),
        "seller": {"name": "Mugs Ltd", "address": "9 Kiln Lane\nDenver", "tax_id": "84-1"},
        "buyer": {
            "order_number": "W-1", "customer_id": "c", "name": "Ada Field",
            "address": {"name": "Ada Field", "line1": "1 Main Street", "city": "Lyon", "country": "FR"},
        },
    } | changes  # fmt: skip


def test_an_invoice_says_who_what_and_how_much() -> None:
    said = texts(render(document()))

    for text in ("Invoice", "Number INV-000042", "Date 2026-11-23", "Supplied 2026-11-22", "Order W-1"):
        assert text in said
    for text in ("Mugs Ltd", "Tax id 84-1"):
        assert text in said
    for text in ("Ada Field", "1 Main Street", "Lyon", "FR", "Mug (blue)", "MUG-0", "2"):
        assert text in said
    for text in ("1,250.50", "1.00", "2,500.01", "5.95", "Total USD", "2,505.96"):
        assert text in said
    assert "Adjustment" not in said


def test_money_has_the_decimals_of_its_currency() -> None:
    assert "250,596" in texts(render(document(currency="JPY")))
    assert "250.596" in texts(render(document(currency="KWD")))


def test_a_credit_note_says_why_and_where_the_money_goes() -> None:
    corrected = [{"id": f"inv_{n}", "number": f"INV-{n}"} for n in (1, 2)]
    note = document(kind="credit_note", reason="returned", refund_to="store_credit", shipped_at=None)

    said = texts(render(note | {"corrects": corrected}))

    assert {"Credit note", "Corrects INV-1, INV-2"} <= set(said)
    assert "Reason: returned. It is paid back as store credit." in " ".join(said)
    assert not any(text.startswith("Supplied") for text in said)


def test_the_largest_sums_stand_whole_and_beside_their_titles() -> None:
    most = 10**15
    huge = document()
    huge["totals"] |= {"items": most, "total": most}
    huge["lines"][0] |= {"unit_price": most, "discount": most, "tax": most, "amount": most}

    drawn = render(huge)

    assert texts(drawn).count("10,000,000,000,000.00") == 6
    ruler = FPDF(unit="pt")
    ruler.set_font("helvetica", size=13)
    title, amount = "Total USD", "10,000,000,000,000.00"
    assert begins(drawn, title) + ruler.get_string_width(title) < begins(drawn, amount)


def test_a_tax_that_prices_include_is_told() -> None:
    included = document()
    included["lines"][0] |= {"tax": 0, "contained_tax": 3991, "amount": 250000}

    said = texts(render(included))

    assert "39.91" in said
    assert any(text.startswith("Prices and amounts of the lines include their tax") for text in said)


def test_many_lines_take_many_pages_each_with_its_headings() -> None:
    said = texts(render(document(lines=60)))

    assert said.count("Unit price") >= 3
    assert [f"MUG-{n}" in said for n in range(60)] == [True] * 60


def test_the_same_document_is_the_same_bytes() -> None:
    assert render(document(lines=3)) == render(document(lines=3))


def test_letters_that_the_font_lacks_are_marked_and_the_page_says_so() -> None:
    seller = {"name": "茶屋", "address": "Žižkov, Łódź – Œuvres “Ωmega”", "tax_id": None}

    said = texts(render(document(seller=seller)))

    assert "??" in said
    assert 'Zizkov, Lódz - OEuvres "?mega"' in said
    assert any(text.startswith("Letters that this font lacks are shown by the plain ones") for text in said)


@pytest.mark.parametrize("name", ["Zo\u00eb", "Zoe\u0308"])
def test_a_letter_is_the_same_in_one_piece_and_with_its_mark_apart(name: str) -> None:
    said = texts(render(document(seller={"name": name, "address": "Lyon", "tax_id": None})))

    assert "Zo\u00eb" in said
    assert not any(text.startswith("Letters") for text in said)


@given(name=st.text(min_size=1, max_size=40))
def test_whatever_a_name_is_made_of_it_is_drawn(name: str) -> None:
    drawn = render(document(seller={"name": name, "address": name, "tax_id": name}))

    assert drawn.startswith(b"%PDF-")


def font_file(folder: Path) -> Path:
    """A font of boxes for all European letters, so that no test needs one of the machine's."""
    pen = TTGlyphPen(None)
    for move, point in ((pen.moveTo, (0, 0)), (pen.lineTo, (0, 500)), (pen.lineTo, (400, 500))):
        move(point)
    pen.closePath()
    box = pen.glyph()
    names = {code: f"u{code}" for code in range(32, 384)}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf(dict.fromkeys([".notdef", *names.values()], box))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "psName": "Boxes"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    path = folder / "boxes.ttf"
    builder.save(str(path))
    return path


def test_an_embedded_font_knows_the_letters_of_its_own(tmp_path: Path) -> None:
    font = font_file(tmp_path)
    polish = document(seller={"name": "Żółw", "address": "Łódź", "tax_id": None})
    chinese = document(seller={"name": "茶屋", "address": "Łódź", "tax_id": None})

    drawn = render(polish, font)

    assert drawn == render(polish, font)
    assert b"/FontFile2" in drawn
    assert b"/ToUnicode" in drawn
    assert len(render(chinese, font)) != len(drawn)
