"""Orders, their lines, and the units that wait for stock."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Interval,
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
from domain.settlement import SingleCapture

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
    Column("customer_tier", Text),
    Column("ship_to", JSONB, nullable=False),
    Column("ship_to_digest", Text),
    Column("lat", Float),
    Column("lng", Float),
    Column("delivery_method", Text, nullable=False),
    Column("service_level", Text, nullable=False),
    Column("pickup_location", Text),
    Column("deliver_by", MOMENT),
    Column("promised_at", MOMENT),
    Column("reservation", Text),
    Column("promise", JSONB(none_as_null=True)),
    Column("routing", Text, nullable=False, server_default=text("'auto'")),
    Column("excluded_locations", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("pinned_location", Text),
    Column("decisions", Integer, nullable=False, server_default=text("0")),
    Column("forgiven", Integer, nullable=False, server_default=text("0")),
    Column("items", MONEY, nullable=False),
    Column("shipping", MONEY, nullable=False),
    Column("shipping_charged", MONEY, nullable=False),
    Column("discount", MONEY, nullable=False),
    Column("tax", MONEY, nullable=False),
    Column("shipping_tax", MONEY, nullable=False, server_default=text("0")),
    Column("taxes", JSONB(none_as_null=True)),
    Column("total", MONEY, nullable=False),
    Column("authorized", MONEY, nullable=False, server_default=text("0")),
    Column("voided", MONEY, nullable=False, server_default=text("0")),
    Column("captured", MONEY, nullable=False, server_default=text("0")),
    Column("refunded", MONEY, nullable=False, server_default=text("0")),
    Column("payment_provider", Text, nullable=False),
    Column("payment_token", Text, nullable=False),
    Column("refund_due", MONEY, nullable=False, server_default=text("0")),
    Column("shipping_refunded", MONEY, nullable=False, server_default=text("0")),
    Column("credit_due", MONEY, nullable=False, server_default=text("0")),
    Column("store_credit", MONEY, nullable=False, server_default=text("0")),
    Column("written_off", MONEY, nullable=False, server_default=text("0")),
    Column("refunds_written_off", MONEY, nullable=False, server_default=text("0")),
    Column("refunds_skipped", MONEY, nullable=False, server_default=text("0")),
    Column("superseded", MONEY, nullable=False, server_default=text("0")),
    Column("authorization_ends_at", MOMENT),
    Column("renew_at", MOMENT),
    Column("declines", Integer, nullable=False, server_default=text("0")),
    Column("payment_retry_at", MOMENT),
    Column("payment_due_by", MOMENT),
    Column("open_intent", Text),
    Column("payment_action", Text),
    Column("abandoned", MONEY, nullable=False, server_default=text("0")),
    Column("single_capture", Text),
    Column("authorize_within", Interval),
    Column("authorize_at", MOMENT),
    Column("attention", Text),
    Column("attention_since", MOMENT),
    Column("active_holds", Integer, nullable=False, server_default=text("0")),
    Column("open_returns", Integer, nullable=False, server_default=text("0")),
    Column("updated_at", MOMENT),
    Column("delivered_at", MOMENT),
    Column("closed_at", MOMENT),
    Column("adjusting", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("channel", "order_number"),
    one_of("status", OrderStatus),
    one_of("payment_status", PaymentStatus),
    CheckConstraint("captured + voided <= authorized", name="captured_within_authorized"),
    CheckConstraint("refunded + store_credit <= captured", name="given_back_within_captured"),
    CheckConstraint("refunded <= refund_due AND store_credit <= credit_due", name="given_back_within_due"),
    CheckConstraint("least(authorized, voided, captured, refunded) >= 0", name="money_not_negative"),
    CheckConstraint(
        "least(refund_due, store_credit, written_off, superseded, abandoned) >= 0",
        name="dues_not_negative",
    ),
    CheckConstraint("refunds_skipped BETWEEN 0 AND refunds_written_off", name="skipped_is_written_off"),
    one_of("single_capture", SingleCapture),
    CheckConstraint(
        "authorize_within IS NULL OR payment_status = 'none' AND authorized = 0", name="postponed_is_unpaid"
    ),
    CheckConstraint("authorize_at IS NULL OR authorize_within IS NOT NULL", name="dated_is_postponed"),
    CheckConstraint("routing IN ('auto', 'manual')", name="routing"),
    CheckConstraint("total = items + shipping - discount + tax AND total >= 0", name="total_adds_up"),
    CheckConstraint("shipping_tax BETWEEN 0 AND tax", name="shipping_tax_within_tax"),
    Index("ix_orders_open", "id", postgresql_where=text("closed_at IS NULL")),
    Index("ix_orders_adjusting", "id", postgresql_where=text("adjusting")),
    Index("ix_orders_attention", "attention_since", "id", postgresql_where=text("attention IS NOT NULL")),
    Index("ix_orders_placed", "placed_at", "id"),
    Index("ix_orders_status", "status", "placed_at", "id"),
    Index("ix_orders_customer", "customer_id", "placed_at", "id"),
    Index("ix_orders_ship_to", "ship_to_digest", "placed_at"),
)
"""`shipping` is what the storefront said, `shipping_charged` what is left of it after a discount on it, with
its tax: `shipping_tax`, which is a part of `tax` as those of the lines are. `taxes` keeps which rates were
used for what, None when the storefront says the tax. `ship_to_digest` is the same for the same place.

`refund_due` is all that is to go back to the instrument, `refunded` what has; `credit_due` is all that is to
be store credit, `store_credit` what is. `superseded` is what is still set aside by authorizations that a
newer one took the place of. `forgiven`: failures of fulfillment orders up to this number no longer count
against their locations. `payment_due_by` ends the grace after a decline. `authorize_within` is
there while the first authorization is postponed: so near has its supply to be; `authorize_at` is when it will
be, None while that is unknown. `updated_at` is the order's own clock, which never runs back, whoever looks at
whichever clock. `reservation` is the checkout hold that the order used, `promise` what was promised with it.
`adjusting`: money is due although the order has closed.
"""

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
    Column("refunded_units", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("order_id", "line_id"),
    CheckConstraint("refunded_units >= 0 AND refunded_units <= quantity", name="refunded_within_ordered"),
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
    Column("refused", JSONB, nullable=False, server_default=text("'{}'")),
    Column("promised_at", MOMENT, nullable=False),
    Column("since", MOMENT, nullable=False),
    Column("retry_at", MOMENT),
    Column("expected_at", MOMENT),
    PrimaryKeyConstraint("order_id", "line_id"),
    CheckConstraint("quantity > 0", name="something_waits"),
    Index("ix_backorders_queue", "sku", "promised_at", "order_id"),
)
"""Units that wait for stock and have none in sight; `locations` are those that may serve them.
`refused` has the units, by location, that the rules of the order's policy left where they are: only where
there are more than that is it asked again.
`retry_at` is set when capacity, not stock, is what lacks: the day on which there is some again.
`expected_at` is the date that the order's history told last for them, None when it told none: the date
itself follows from the queue and inbound supply at any moment, and is not kept (see promises)."""

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
