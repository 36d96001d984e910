"""An invoice or a credit note as everybody sees it."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.invoicing import DocumentKind
from domain.return_status import RefundTo

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "inv_ibtmqqlf5cz7lmo2f6xdxy2s_1_1",
    "kind": "invoice",
    "number": "INV-000042",
    "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "fulfillment_id": "ful_ibtmqqlf5cz7lmo2f6xdxy2s_1",
    "legal_entity": "default",
    "currency": "USD",
    "totals": {
        "items": 2900,
        "shipping": 595,
        "adjustment": 0,
        "tax": 0,
        "shipping_tax": 0,
        "adjustment_tax": 0,
        "total": 3495,
    },
    "lines": [
        {
            "line_id": "1",
            "sku": "MUG-BLUE",
            "name": "Mug, blue",
            "units": 2,
            "unit_price": 1450,
            "discount": 0,
            "tax": 0,
            "amount": 2900,
            "contained_tax": 0,
        }
    ],
    "reason": None,
    "refund_to": None,
    "corrects": [],
    "shipped_at": "2026-11-23T15:12:40Z",
    "written_at": "2026-11-23T15:12:40Z",
    "issued_at": "2026-11-23T15:12:41Z",
    "seller": {"name": "Mugs Ltd", "address": "9 Kiln Lane\nDenver CO 80202", "tax_id": "84-1234567"},
    "buyer": {
        "order_number": "W-1001",
        "customer_id": "c-17",
        "name": "Ada Field",
        "address": {"name": "Ada Field", "line1": "1 Main Street", "city": "Denver", "country": "US"},
    },
}


class CorrectedInvoice(BaseModel):
    """An invoice that a credit note is about."""

    id: str
    number: str | None = Field(description="Null until it is issued")


class InvoiceTotals(BaseModel):
    """What a document is over, in minor units; items, shipping and adjustment are without tax."""

    items: int = Field(description="Net of discount")
    shipping: int
    adjustment: int = Field(
        description="On credit notes: above 0 given beyond units and shipping, below 0 kept back"
    )
    tax: int = Field(description="Of everything: the lines', `shipping_tax` and `adjustment_tax`")
    shipping_tax: int | None = Field(description="Null on documents from before it was kept")
    adjustment_tax: int | None = Field(
        description="Below 0 where it takes off tax that an earlier credit note had credited; null as above"
    )
    total: int


class InvoiceLine(BaseModel):
    """Units of an order line: amount = units × unit_price − discount + tax."""

    line_id: str
    sku: str
    name: str | None = Field(description="As it was when the document was issued")
    units: int
    unit_price: int
    discount: int
    tax: int
    amount: int
    contained_tax: int = Field(description="What of the amount is tax beside `tax`, where prices include it")


class Seller(BaseModel):
    """Who sold, as it was when the document was issued."""

    name: str
    address: str
    tax_id: str | None


class Buyer(BaseModel):
    """Who bought, as it was when the document was issued."""

    order_number: str
    customer_id: str
    name: str
    address: dict[str, str] = Field(description="As the order's ship_to")


class Invoice(BaseModel):
    """An invoice over a shipment, or a credit note over what is owed back; amounts are never below 0.

    A moment after it was written it is issued: it gets its number, seller and buyer, and never changes again.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    kind: DocumentKind
    number: str | None = Field(description="Without a gap per legal entity and kind; null until issued")
    order_id: str
    fulfillment_id: str | None = Field(description="On invoices: what shipped")
    legal_entity: str
    currency: str
    totals: InvoiceTotals
    lines: list[InvoiceLine]
    reason: str | None = Field(description="On credit notes: why")
    refund_to: RefundTo | None = Field(description="On credit notes: where the money goes")
    corrects: list[CorrectedInvoice] = Field(
        description="On credit notes: the invoices over what is credited; where that is no units, all so far"
    )
    shipped_at: datetime | None = Field(description="On invoices: when the units left, or were collected")
    written_at: datetime
    issued_at: datetime | None
    seller: Seller | None
    buyer: Buyer | None
