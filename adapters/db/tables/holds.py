"""Holds on orders, the ended ones kept."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.db.tables.base import MOMENT, metadata

holds = Table(
    "holds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("blocks", ARRAY(Text), nullable=False),
    Column("placed_at", MOMENT, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("expires_at", MOMENT),
    Column("ended_at", MOMENT),
    Column("ended_by", Text),
    UniqueConstraint("order_id", "number"),
    CheckConstraint("cardinality(blocks) > 0", name="blocks_something"),
    CheckConstraint("blocks <@ ARRAY['routing', 'release', 'capture']", name="blocks_known_steps"),
    Index("ix_holds_active", "order_id", postgresql_where=text("ended_at IS NULL")),
)
"""A hold is active until `ended_at`: lifted by somebody, expired, or over with its order."""
