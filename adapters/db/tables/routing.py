"""Routing decisions, each with its record."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, metadata

routing_decisions = Table(
    "routing_decisions",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("policy", Text, nullable=False),
    Column("record", JSONB, nullable=False),
    PrimaryKeyConstraint("order_id", "n"),
)
"""Unique on (order, n): a routing step that is tried again finds what it decided."""
