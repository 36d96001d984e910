"""Checkout holds: stock and capacity that are kept for a cart until its order comes, or its time is over."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, metadata, one_of
from domain.reservation_status import ReservationStatus

reservations = Table(
    "reservations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("cart", JSONB, nullable=False),
    Column("promise", JSONB, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
    Column("order_id", Text, ForeignKey("orders.id"), unique=True),
    one_of("status", ReservationStatus),
    CheckConstraint("(status = 'used') = (order_id IS NOT NULL)", name="used_by_an_order"),
    CheckConstraint("(status = 'held') = (ended_at IS NULL)", name="held_until_ended"),
    Index("ix_reservations_held", "expires_at", postgresql_where=text("status = 'held'")),
)
"""`cart` is what was asked for, `promise` what was said of it. One whose `expires_at` has passed counts as
expired at once; its row says so when its stock has been given on. `withdrawn`: a count found fewer units."""

reserved_units = Table(
    "reserved_units",
    metadata,
    Column("reservation_id", Text, ForeignKey("reservations.id"), nullable=False),
    Column("sku", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    PrimaryKeyConstraint("reservation_id", "sku", "location_id"),
    CheckConstraint("quantity > 0", name="something_held"),
    Index("ix_reserved_units_cell", "sku", "location_id"),
)
"""Units that are reserved for a hold now: the rows go when it ends, an order's become its earmarks."""

reserved_capacity = Table(
    "reserved_capacity",
    metadata,
    Column("reservation_id", Text, ForeignKey("reservations.id"), nullable=False),
    Column("location_id", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("taken", Integer, nullable=False),
    PrimaryKeyConstraint("reservation_id", "location_id"),
    CheckConstraint("taken > 0", name="something_taken"),
    Index("ix_reserved_capacity_day", "location_id", "day"),
)
"""What a hold takes of a location's day, in its own unit; an order's stays until it is routed or over."""
