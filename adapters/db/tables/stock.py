"""Stock levels and the ledger of movements that sums to them."""

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
    text,
)

from adapters.db.tables.base import MOMENT, metadata

stock = Table(
    "stock",
    metadata,
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("sku", Text, ForeignKey("products.sku"), nullable=False),
    Column("on_hand", Integer, nullable=False, server_default=text("0")),
    Column("reserved", Integer, nullable=False, server_default=text("0")),
    Column("safety_stock", Integer, nullable=False, server_default=text("0")),
    Column("maximum", Integer),
    Column("least_cover_days", Integer),
    Column("most_cover_days", Integer),
    Column("counted_at", MOMENT),
    Column("as_of", MOMENT, nullable=False),
    PrimaryKeyConstraint("sku", "location_id"),
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved_within_on_hand"),
    CheckConstraint("safety_stock >= 0", name="safety_stock_not_negative"),
    CheckConstraint("maximum >= 0", name="maximum_not_negative"),
    CheckConstraint("least_cover_days >= 0", name="least_cover_days_not_negative"),
    CheckConstraint("most_cover_days >= 0", name="most_cover_days_not_negative"),
    Index("ix_stock_location", "location_id", "sku"),
)
"""`safety_stock` is promised to nobody; `maximum` and the cover in days of sales bind nobody.
`counted_at` is the moment of the last count that was taken over, `as_of` of the last change."""

stock_movements = Table(
    "stock_movements",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("location_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("on_hand_delta", Integer, nullable=False, server_default=text("0")),
    Column("reserved_delta", Integer, nullable=False, server_default=text("0")),
    Column("reason", Text, nullable=False),
    Column("order_id", Text),
    Column("fulfillment_id", Text),
    Column("actor", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Index("ix_stock_movements_cell", "location_id", "sku", "id"),
    Index(
        "ix_stock_movements_shipped",
        "sku",
        "location_id",
        "at",
        postgresql_include=["on_hand_delta"],
        postgresql_where=text("reason = 'shipped'"),
    ),
)
"""Append-only: a trigger refuses UPDATE and DELETE."""

inbound_supply = Table(
    "inbound_supply",
    metadata,
    Column("id", Text, primary_key=True),
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("sku", Text, ForeignKey("products.sku"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("received", Integer, nullable=False, server_default=text("0")),
    Column("reference", Text, nullable=False),
    Column("expected_at", MOMENT, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
    CheckConstraint("quantity > 0", name="something_comes"),
    CheckConstraint("received >= 0", name="received_not_negative"),
    Index("ix_inbound_supply_open", "sku", "expected_at", postgresql_where=text("ended_at IS NULL")),
)
"""Stock that is on its way to a location. It ends when it has come, or will not come any more; more than
was announced may come. The id follows from location, SKU and `reference`, the supplier's name for it."""
