"""Payment intents, written before each outside effect, and the ledger of effects that happened."""

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
    UniqueConstraint,
    text,
)

from adapters.db.tables.base import MOMENT, MONEY, metadata, one_of
from domain.payment import MoneyStep

payment_intents = Table(
    "payment_intents",
    metadata,
    Column("key", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("final", Boolean, nullable=False, server_default=text("false")),
    Column("authorization", Text),
    Column("status", Text, nullable=False, server_default=text("'open'")),
    Column("reference", Text),
    Column("code", Text),
    Column("expires_at", MOMENT),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", MOMENT, nullable=False),
    Column("resolved_at", MOMENT),
    one_of("step", MoneyStep),
    UniqueConstraint("order_id", "step", "n"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint(
        "status IN ('open', 'succeeded', 'declined', 'spent', 'expired', 'voided')", name="status"
    ),
    Index("ix_payment_intents_open", "order_id", unique=True, postgresql_where=text("status = 'open'")),
)
"""At most one intent of an order is open. A succeeded authorization later becomes spent, voided or expired:
it can be drawn on only while it is `succeeded`."""

payment_ledger = Table(
    "payment_ledger",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", Text, nullable=False, index=True),
    Column("intent_key", Text, ForeignKey("payment_intents.key"), nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("at", MOMENT, nullable=False),
    one_of("kind", MoneyStep),
)
"""One row per effect that the provider confirmed. Append-only."""
