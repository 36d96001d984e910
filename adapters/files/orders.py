"""Orders from a file: one row per line of an order, as the bodies that `POST /v1/orders` takes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from adapters.files import kinds
from adapters.files.sheet import Cells, Numbered, Parsed, Sheet
from domain.iso_codes import decimals

_COLUMNS: Final = {
    "order_number": ("order_id",),
    "placed_at": (),
    "sku": (),
    "quantity": ("qty",),
    "unit_price": ("price",),
    "discount": (),
    "tax": (),
    "shipping_price": (),
    "freight_paid": (),
    "service_level": (),
    "deliver_by": (),
    "customer_tier": ("tier",),
    "residential": (),
    "customer": ("customer_id",),
    "customer_name": (),
    "customer_email": ("email",),
    "name": ("ship_to_name",),
    "line1": ("address", "street"),
    "line2": (),
    "city": (),
    "region": ("state",),
    "postal_code": ("zip", "zip_code", "zip_prefix"),
    "country": (),
    "lat": ("latitude",),
    "lng": ("longitude", "lon"),
}
_REQUIRED: Final = ("order_number", "sku", "quantity", "unit_price", "customer", "postal_code")
_LEVELS: Final = ("standard", "expedited", "same_day")
_ADDRESS: Final = (
    "name", "line1", "line2", "city", "region", "postal_code", "country", "lat", "lng", "residential",
)  # fmt: skip
_NOT_GIVEN: Final = "-"
"""What an address says where the file says nothing: past orders come without streets."""


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What the file does not say: the same for all of its orders."""

    channel: str = "web"
    currency: str = "USD"
    country: str = "US"
    payment_token: str = "tok_ok"  # noqa: S105 (the sandbox provider's word for a payment that works)
    money: kinds.MoneyUnit = "major"

    @property
    def price(self) -> kinds.Kind[int]:
        """How the file writes what customers pay: with the decimals of the currency."""
        return kinds.price(self.money, decimals(self.currency))


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order that can be posted; `body` is what is posted."""

    order_number: str
    body: dict[str, Any]


def read_orders(file: str, content: bytes, terms: OrderTerms) -> Parsed[OrderDraft]:
    """Read orders in the order in which they first appear, or raise UnusableFile.

    What is said of the whole order (customer, address, date) must be the same on all of its rows.
    `freight_paid` is per row and sums up to the shipping price, unless there is a column of that name.
    """
    sheet = Sheet(file, content, columns=_COLUMNS, required=_REQUIRED)
    heads: dict[str, Numbered[dict[str, Any]]] = {}
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    freight: dict[str, int] = defaultdict(int)
    for cells in sheet.rows():
        number = cells.required("order_number", kinds.text(100))
        head = _head(cells, terms)
        lines[number].append(_line(cells, terms))
        freight[number] += cells.optional("freight_paid", terms.price, 0)
        _check_same(sheet, cells.line, heads.setdefault(number, Numbered(cells.line, head)), head)
    return sheet.finish(
        [
            Numbered(head.line, _draft(number, head.value, lines[number], freight[number], terms))
            for number, head in heads.items()
        ]
    )


def _head(cells: Cells, terms: OrderTerms) -> dict[str, Any]:
    customer = cells.required("customer", kinds.text(100))
    customer_name = cells.optional("customer_name", kinds.text(), customer)
    return {
        "placed_at": cells.optional("placed_at", kinds.moment(), None),
        "customer": customer,
        "customer_name": customer_name,
        "customer_email": cells.optional(
            "customer_email", kinds.text(), customer if "@" in customer else f"{customer}@example.com"
        ),
        "shipping_price": cells.optional("shipping_price", terms.price, None),
        "service_level": cells.optional("service_level", kinds.one_of(_LEVELS), "standard"),
        "deliver_by": cells.optional("deliver_by", kinds.moment(), None),
        "customer_tier": cells.optional("customer_tier", kinds.text(100), None),
        "residential": cells.optional("residential", kinds.yes_or_no(), None),
        "name": cells.optional("name", kinds.text(), customer_name),
        "line1": cells.optional("line1", kinds.text(), _NOT_GIVEN),
        "line2": cells.optional("line2", kinds.text(), None),
        "city": cells.optional("city", kinds.text(), _NOT_GIVEN),
        "region": cells.optional("region", kinds.text(), _NOT_GIVEN),
        "postal_code": cells.required("postal_code", kinds.text(12)),
        "country": cells.optional("country", kinds.text(2), terms.country),
        "lat": cells.optional("lat", kinds.LATITUDE, None),
        "lng": cells.optional("lng", kinds.LONGITUDE, None),
    }


def _line(cells: Cells, terms: OrderTerms) -> dict[str, Any]:
    line: dict[str, Any] = {
        "sku": cells.required("sku", kinds.text(100)),
        "quantity": cells.required("quantity", kinds.whole(least=1, most=1_000_000)),
        "unit_price": cells.required("unit_price", terms.price),
    }
    for column in ("discount", "tax"):
        amount = cells.optional(column, terms.price, 0)
        if amount:
            line[column] = amount
    return line


def _check_same(sheet: Sheet, line: int, first: Numbered[dict[str, Any]], head: dict[str, Any]) -> None:
    if not (sheet.sound(line) and sheet.sound(first.line)):
        return
    for column, value in head.items():
        if column in sheet.columns and value != first.value[column]:
            sheet.refuse(line, column, f"differs from line {first.line} of the same order")


def _draft(
    number: str, head: dict[str, Any], lines: list[dict[str, Any]], freight: int, terms: OrderTerms
) -> OrderDraft:
    shipping = freight if head["shipping_price"] is None else head["shipping_price"]
    body: dict[str, Any] = {
        "channel": terms.channel,
        "order_number": number,
        "currency": terms.currency,
        "customer": {
            "id": head["customer"],
            "name": head["customer_name"],
            "email": head["customer_email"],
            **({} if head["customer_tier"] is None else {"tier": head["customer_tier"]}),
        },
        "ship_to": {column: head[column] for column in _ADDRESS if head[column] is not None},
        "lines": lines,
        "delivery": {"method": "ship", "service_level": head["service_level"]},
        "shipping_price": shipping,
        "payment": {"provider": "sandbox", "token": terms.payment_token},
    }
    for part in ("discount", "tax"):
        if whole := sum(line.get(part, 0) for line in lines):
            body[part] = whole
    for column in ("placed_at", "deliver_by"):
        if isinstance(moment := head[column], datetime):
            body[column] = moment.isoformat().replace("+00:00", "Z")
    return OrderDraft(number, body)
