"""Changes asked of orders after they were placed."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, metadata, one_of
from domain.order_change import ChangeStatus

order_changes = Table(
    "order_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'draft'")),
    Column("asked", JSONB, nullable=False),
    Column("preview", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("decided_at", MOMENT),
    Column("decided_by", Text),
    UniqueConstraint("order_id", "number"),
    one_of("status", ChangeStatus),
)
"""`asked` is what the caller wants, an address perhaps; `preview` what it came to when it was drafted: it is
confirmed only while it still comes to the same. A draft past `expires_at` is shown as expired."""
