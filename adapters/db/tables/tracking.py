"""What carriers sent: the inbox as it came, and the scans read from it."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.db.tables.base import MOMENT, metadata

carrier_inbox = Table(
    "carrier_inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("carrier", Text, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("body", LargeBinary),
    Column("state", Text, nullable=False),
    Column("error", Text),
    Column("received_at", MOMENT, nullable=False),
    UniqueConstraint("carrier", "dedupe_key"),
    Index("ix_carrier_inbox_quarantine", "id", postgresql_where=text("state = 'quarantined'")),
)

tracking_events = Table(
    "tracking_events",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("carrier", Text, nullable=False),
    Column("tracking_number", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("occurred_at", MOMENT, nullable=False),
    Column("place", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    UniqueConstraint("carrier", "tracking_number", "status", "occurred_at", "place"),
    Index("ix_tracking_events_number", "tracking_number", "occurred_at"),
)
"""One row per scan, known number or not: what comes before its parcel is read when the parcel ships."""
