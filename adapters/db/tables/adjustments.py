"""What makes a refund differ from what its units cost, and what a person is asked after an order's close."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, MONEY, metadata, one_of
from domain.refund_policy import AdjustmentKind

refund_adjustments = Table(
    "refund_adjustments",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("return_id", Text, index=True),
    Column("refund_number", Integer),
    Column("kind", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    one_of("kind", AdjustmentKind),
    CheckConstraint("amount <> 0", name="something_adjusted"),
)
"""Append-only. A refund is what its units cost and the sum of these; where nothing is left of it there is no
refund, and `refund_number` is null."""

claims = Table(
    "claims",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("parcel_id", Text, ForeignKey("parcels.id"), nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("answered_at", MOMENT),
    Column("answered_by", Text),
    Column("paid_back", Boolean),
    CheckConstraint(
        "(answered_at IS NULL) = (paid_back IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
        name="answered_or_not",
    ),
    Index("ix_claims_open", "order_id", postgresql_where=text("answered_at IS NULL")),
)
"""Units of a closed order that did not stay with the customer (`lines`: line id to units); a person says
whether they are paid back."""
