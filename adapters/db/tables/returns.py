"""Returns, what came back of them, and what became of it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.db.tables.base import MOMENT, MONEY, metadata, one_of
from domain.return_status import Disposition, RefundTo, ReturnKind, ReturnStatus

returns = Table(
    "returns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("refund_to", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("requested_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("refund", MONEY, nullable=False, server_default=text("0")),
    Column("ended_at", MOMENT),
    UniqueConstraint("order_id", "number"),
    one_of("kind", ReturnKind),
    one_of("status", ReturnStatus),
    one_of("refund_to", RefundTo),
    CheckConstraint("refund >= 0", name="refund_not_negative"),
    Index("ix_returns_status", "status", "requested_at", "id"),
    Index("ix_returns_open", "order_id", postgresql_where=text("ended_at IS NULL")),
)
"""`refund` is what the customer gets for it so far, in minor units."""

return_lines = Table(
    "return_lines",
    metadata,
    Column("return_id", Text, ForeignKey("returns.id"), nullable=False),
    Column("line_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("received", Integer, nullable=False, server_default=text("0")),
    Column("inspected", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("return_id", "line_id"),
    CheckConstraint("quantity > 0", name="something_returned"),
    CheckConstraint("received >= 0 AND received <= quantity", name="received_within_asked"),
    CheckConstraint("inspected >= 0 AND inspected <= received", name="inspected_within_received"),
)

return_receipts = Table(
    "return_receipts",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("return_id", Text, ForeignKey("returns.id"), nullable=False, index=True),
    Column("line_id", Text, nullable=False),
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("inspected", Integer, nullable=False, server_default=text("0")),
    Column("at", MOMENT, nullable=False),
    Column("actor", Text, nullable=False),
    CheckConstraint("quantity > 0", name="something_received"),
    CheckConstraint("inspected >= 0 AND inspected <= quantity", name="inspected_within_received"),
)
"""What came in where; inspections use receipts up, the oldest first."""

return_inspections = Table(
    "return_inspections",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("return_id", Text, ForeignKey("returns.id"), nullable=False, index=True),
    Column("line_id", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("grade", Text),
    Column("at", MOMENT, nullable=False),
    Column("actor", Text, nullable=False),
    one_of("disposition", Disposition),
    CheckConstraint("quantity > 0", name="something_inspected"),
)
"""Append-only: what became of the units, and where they are."""
