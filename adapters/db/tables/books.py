"""The books: the ledger of every movement of money, and the invoices and credit notes that it rests on."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from adapters.db.tables.base import MOMENT, MONEY, metadata, one_of
from domain.accounts import Account, Fact
from domain.invoicing import DocumentKind
from domain.return_status import RefundTo

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("transaction", Text, nullable=False),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("fact", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("currency", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    UniqueConstraint("transaction", "account"),
    one_of("fact", Fact),
    one_of("account", Account),
    CheckConstraint("amount <> 0", name="something_moved"),
    Index("ix_ledger_entries_at", "at"),
)
"""Append-only. A debit is positive, a credit negative; a transaction that does not sum to 0 cannot commit
(trigger `balanced`), nor can one be posted twice."""

legal_entities = Table(
    "legal_entities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("tax_id", Text),
    Column("invoice_prefix", Text, nullable=False),
    Column("credit_note_prefix", Text, nullable=False),
    Column("channels", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    CheckConstraint("invoice_prefix <> credit_note_prefix", name="numbered_apart"),
)
"""Who sells. `default` sells on every channel that no other names; the migration puts a placeholder there."""

NOBODY_YET: Final = "PUT /v1/legal-entities/default says who sells"
"""The placeholder's address: documents show it until somebody has said who sells."""

invoices = Table(
    "invoices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", BigInteger, Identity(), nullable=False),
    Column("kind", Text, nullable=False),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("fulfillment_id", Text, ForeignKey("fulfillment_orders.id")),
    Column("refund_id", BigInteger, ForeignKey("refunds.id"), unique=True),
    Column("legal_entity", Text, ForeignKey("legal_entities.id"), nullable=False),
    Column("number", Integer),
    Column("label", Text),
    Column("currency", Text, nullable=False),
    Column("items", MONEY, nullable=False),
    Column("shipping", MONEY, nullable=False),
    Column("adjustment", MONEY, nullable=False),
    Column("tax", MONEY, nullable=False),
    Column("total", MONEY, nullable=False),
    Column("shipping_tax", MONEY),
    Column("adjustment_tax", MONEY),
    Column("lines", JSONB, nullable=False),
    Column("reason", Text),
    Column("refund_to", Text),
    Column("at", MOMENT, nullable=False),
    Column("issued_at", MOMENT),
    Column("seller", JSONB),
    Column("buyer", JSONB),
    Column("names", JSONB),
    UniqueConstraint("legal_entity", "kind", "number"),
    UniqueConstraint("label"),
    one_of("kind", DocumentKind),
    one_of("refund_to", RefundTo),
    CheckConstraint("total = items + shipping + adjustment + tax AND total >= 0", name="total_adds_up"),
    CheckConstraint(
        "(kind = 'invoice') = (fulfillment_id IS NOT NULL)"
        " AND (kind = 'credit_note') = (refund_id IS NOT NULL)",
        name="of_a_shipment_or_a_refund",
    ),
    CheckConstraint(
        "num_nulls(number, label, issued_at, seller, buyer, names) IN (0, 6)", name="issued_whole"
    ),
    Index("ix_invoices_unnumbered", "position", postgresql_where=text("number IS NULL")),
)
"""Invoices and credit notes. Written without a number; numbering adds it once, with who sells and buys and
the `names` of the SKUs as they are then, and nothing of a row can change otherwise (trigger `issued_once`).
`items` is net of discount, `tax` is that of everything: of the lines, `shipping_tax`, and `adjustment_tax`,
which is below 0 where it takes back tax that an earlier note had credited (null on documents from before both
were kept). Amounts of a credit note are positive."""
