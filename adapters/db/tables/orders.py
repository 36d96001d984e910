"""Orders, their lines, and the units that wait for stock."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from adapters.db.tables.base import MOMENT, MONEY, metadata, one_of
from domain.order_status import OrderStatus
from domain.payment_status import PaymentStatus
from domain.quantities import Bucket

orders = Table(
    "orders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("payment_status", Text, nullable=False),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("next_seq", Integer, nullable=False, server_default=text("1")),
    Column("placed_at", MOMENT, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("customer_email", Text, nullable=False),
    Column("ship_to", JSONB, nullable=False),
    Column("lat", Float),
    Column("lng", Float),
    Column("delivery_method", Text, nullable=False),
    Column("service_level", Text, nullable=False),
    Column("pickup_location", Text),
    Column("deliver_by", MOMENT),
    Column("promised_at", MOMENT),
    Column("items", MONEY, nullable=False),
    Column("shipping", MONEY, nullable=False),
    Column("shipping_charged", MONEY, nullable=False),
    Column("discount", MONEY, nullable=False),
    Column("tax", MONEY, nullable=False),
    Column("total", MONEY, nullable=False),
    Column("authorized", MONEY, nullable=False, server_default=text("0")),
    Column("voided", MONEY, nullable=False, server_default=text("0")),
    Column("captured", MONEY, nullable=False, server_default=text("0")),
    Column("refunded", MONEY, nullable=False, server_default=text("0")),
    Column("payment_provider", Text, nullable=False),
    Column("payment_token", Text, nullable=False),
    Column("payment_retry_at", MOMENT),
    Column("open_intent", Text),
    Column("attention", Text),
    Column("delivered_at", MOMENT),
    Column("closed_at", MOMENT),
    UniqueConstraint("channel", "order_number"),
    one_of("status", OrderStatus),
    one_of("payment_status", PaymentStatus),
    CheckConstraint("captured + voided <= authorized", name="captured_within_authorized"),
    CheckConstraint("refunded <= captured", name="refunded_within_captured"),
    CheckConstraint("least(authorized, voided, captured, refunded) >= 0", name="money_not_negative"),
    CheckConstraint("total = items + shipping - discount + tax AND total >= 0", name="total_adds_up"),
    Index("ix_orders_placed", "placed_at", "id"),
    Index("ix_orders_status", "status", "placed_at", "id"),
    Index("ix_orders_customer", "customer_id", "placed_at", "id"),
)
"""`shipping` is what the storefront said, `shipping_charged` what is left of it after a discount on it."""

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("line_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("sku", Text, nullable=False, index=True),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", MONEY, nullable=False),
    Column("discount", MONEY, nullable=False),
    Column("tax", MONEY, nullable=False),
    Column("amount", MONEY, nullable=False),
    *(Column(bucket.value, Integer, nullable=False, server_default=text("0")) for bucket in Bucket),
    PrimaryKeyConstraint("order_id", "line_id"),
    CheckConstraint(f"{' + '.join(Bucket)} = quantity", name="units_sum_to_ordered"),
    CheckConstraint(f"least({', '.join(Bucket)}) >= 0", name="units_not_negative"),
    CheckConstraint("amount = quantity * unit_price - discount + tax AND amount >= 0", name="amount_adds_up"),
)

backorders = Table(
    "backorders",
    metadata,
    Column("order_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("locations", ARRAY(Text), nullable=False),
    Column("promised_at", MOMENT, nullable=False),
    Column("since", MOMENT, nullable=False),
    Column("retry_at", MOMENT),
    PrimaryKeyConstraint("order_id", "line_id"),
    CheckConstraint("quantity > 0", name="something_waits"),
    Index("ix_backorders_queue", "sku", "promised_at", "order_id"),
)
"""Units that wait for stock and have none in sight; `locations` are those that may serve them.
`retry_at` is set when capacity, not stock, is what lacks: the day on which there is some again."""

earmarks = Table(
    "earmarks",
    metadata,
    Column("order_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    PrimaryKeyConstraint("order_id", "line_id", "location_id"),
    CheckConstraint("quantity > 0", name="something_set_aside"),
    Index("ix_earmarks_cell", "location_id", "sku"),
)
"""Stock that arrived and is set aside for a waiting line until the order is routed again."""
