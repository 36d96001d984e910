"""The history of orders, and the outbox of what must be told to the outside."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, metadata

order_events = Table(
    "order_events",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    PrimaryKeyConstraint("order_id", "seq"),
)
"""Append-only. `data` holds no personal data."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("next_attempt_at", MOMENT, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    Column("done_at", MOMENT),
    Index("ix_outbox_waiting", "order_id", "id", postgresql_where=text("done_at IS NULL")),
)
