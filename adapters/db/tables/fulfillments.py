"""Work asked of locations, and the parcels that come of it."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from adapters.db.tables.base import MOMENT, metadata, one_of
from domain.fulfillment_status import OPEN_WORK, FulfillmentStatus

_open = ", ".join(f"'{status}'" for status in sorted(OPEN_WORK))

fulfillment_orders = Table(
    "fulfillment_orders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("decision", Integer, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("seen_version", Integer, nullable=False, server_default=text("1")),
    Column("shipments", Integer, nullable=False, server_default=text("0")),
    Column("cost", Numeric(20, 6), nullable=False),
    Column("reason", Text),
    Column("created_at", MOMENT, nullable=False),
    Column("held_at", MOMENT),
    Column("accept_by", MOMENT),
    Column("ship_by", MOMENT, nullable=False),
    Column("promised_at", MOMENT),
    Column("overdue_at", MOMENT),
    Column("shipped_at", MOMENT),
    Column("silent_at", MOMENT),
    Column("delivered_at", MOMENT),
    Column("capacity_day", Date),
    one_of("status", FulfillmentStatus),
    Index("ix_fulfillment_orders_order", "order_id", "number", unique=True),
    Index("ix_fulfillment_orders_list", "location_id", "created_at", "id"),
    Index(
        "ix_fulfillment_orders_work",
        "location_id",
        "created_at",
        "id",
        postgresql_where=text(f"status IN ({_open})"),
    ),
)
"""`version` grows when what is asked changes; `seen_version` is the one that the location accepted.
`silent_at`: when somebody should look whether its carriers have gone silent; never too late, often early.
`held_at`: since when the work is kept from its location. `capacity_day` is the location's own day whose
capacity the work took, None where capacity is not limited.
`decision` is the routing decision it comes from; `cost` the planned cost in minor units."""

fulfillment_lines = Table(
    "fulfillment_lines",
    metadata,
    Column("fulfillment_id", Text, ForeignKey("fulfillment_orders.id"), nullable=False),
    Column("line_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("picked", Integer),
    Column("shipped", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("fulfillment_id", "line_id"),
    CheckConstraint("shipped >= 0 AND shipped <= quantity", name="shipped_within_asked"),
)
"""`quantity` is what the location is asked for now: what it may still ship is `quantity - shipped`, and
exactly that much is reserved there while the work is open."""

parcels = Table(
    "parcels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fulfillment_id", Text, ForeignKey("fulfillment_orders.id"), nullable=False, index=True),
    Column("order_id", Text, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("service", Text),
    Column("tracking_number", Text, nullable=False, index=True),
    Column("tracking_status", Text, nullable=False),
    Column("delayed", Boolean, nullable=False, server_default=text("false")),
    Column("exception", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", MOMENT, nullable=False),
    Column("delivered_at", MOMENT),
    Column("fate", Text),
    CheckConstraint("fate IN ('delivered', 'lost', 'returned')", name="fate"),
)
"""`fate` is where its units ended, None while it is on its way; only a lost parcel may still turn up."""

parcel_lines = Table(
    "parcel_lines",
    metadata,
    Column("parcel_id", Text, ForeignKey("parcels.id"), nullable=False),
    Column("line_id", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    PrimaryKeyConstraint("parcel_id", "line_id"),
    CheckConstraint("quantity > 0", name="something_packed"),
)
