"""Routing decisions, each with its record and with all that it rested on."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, metadata

SHA256: Final = "^[0-9a-f]{64}$"

routing_parts = Table(
    "routing_parts",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("part", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("since", MOMENT, nullable=False),
    CheckConstraint(f"hash ~ '{SHA256}'", name="hash"),
)
"""A part of a decision's input, once for all decisions that share it: zlib of canonical JSON, named by the
SHA-256 of that JSON."""


def _part(name: str) -> "Column[str]":
    return Column(name, Text, ForeignKey("routing_parts.hash", ondelete="SET NULL"))


routing_decisions = Table(
    "routing_decisions",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("policy", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("seconds", Float),
    _part("asked_part"),
    _part("locations_part"),
    _part("rates_part"),
    _part("stock_part"),
    _part("policy_part"),
    PrimaryKeyConstraint("order_id", "n"),
)
"""Unique on (order, n): a routing step that is tried again finds what it decided.

`record` is canonical JSON, byte for byte what the planner said; `seconds` differ from run to run and stand
apart. A person's decision has no parts: nothing was planned.
"""

Index("ix_routing_decisions_at", routing_decisions.c.at)
Index("ix_routing_decisions_asked_part", routing_decisions.c.asked_part)
Index("ix_routing_decisions_stock_part", routing_decisions.c.stock_part)

routing_policies = Table(
    "routing_policies",
    metadata,
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("valid_from", MOMENT, nullable=False),
    Column("valid_to", MOMENT),
    Column("put_at", MOMENT, nullable=False),
    Column("put_by", Text, nullable=False),
    PrimaryKeyConstraint("name", "version"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("valid_to > valid_from", name="validity"),
)
"""Never changed: a version holds until the next one of its name begins, and before its own valid_to."""
