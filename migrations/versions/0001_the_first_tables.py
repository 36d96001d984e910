"""the first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("order_events", "stock_movements", "payment_ledger")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
    )
    op.create_table(
        "backorders",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("locations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_backorders_something_waits")),
        sa.PrimaryKeyConstraint("order_id", "line_id", name=op.f("pk_backorders")),
    )
    op.create_index("ix_backorders_queue", "backorders", ["sku", "promised_at", "order_id"], unique=False)
    op.create_table(
        "capacity_usage",
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_capacity_usage_used_not_negative")),
        sa.PrimaryKeyConstraint("location_id", "day", name=op.f("pk_capacity_usage")),
    )
    op.create_table(
        "carrier_inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_inbox")),
        sa.UniqueConstraint("carrier", "dedupe_key", name=op.f("uq_carrier_inbox_carrier_dedupe_key")),
    )
    op.create_index(
        "ix_carrier_inbox_quarantine",
        "carrier_inbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'quarantined'"),
    )
    op.create_table(
        "carrier_services",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service_level", sa.Text(), server_default=sa.text("'standard'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_carrier_services")),
    )
    op.create_table(
        "earmarks",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_earmarks_something_set_aside")),
        sa.PrimaryKeyConstraint("order_id", "line_id", "location_id", name=op.f("pk_earmarks")),
    )
    op.create_index("ix_earmarks_cell", "earmarks", ["location_id", "sku"], unique=False)
    op.create_table(
        "idempotency_records",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "key_id", "method", "path", "idempotency_key", name=op.f("pk_idempotency_records")
        ),
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default=sa.text("'UTC'"), nullable=False),
        sa.Column(
            "handling_cost", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "handling_per_unit",
            sa.Numeric(precision=14, scale=4),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("daily_capacity", sa.Integer(), nullable=True),
        sa.Column("capacity_unit", sa.Text(), server_default=sa.text("'orders'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("capacity_unit IN ('orders', 'units')", name=op.f("ck_locations_capacity_unit")),
        sa.CheckConstraint("kind IN ('dc', 'store', '3pl', 'supplier')", name=op.f("ck_locations_kind")),
        sa.CheckConstraint(
            "lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180", name=op.f("ck_locations_on_the_globe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("payment_status", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("next_seq", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("customer_email", sa.Text(), nullable=False),
        sa.Column("ship_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("delivery_method", sa.Text(), nullable=False),
        sa.Column("service_level", sa.Text(), nullable=False),
        sa.Column("pickup_location", sa.Text(), nullable=True),
        sa.Column("deliver_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("shipping", sa.BigInteger(), nullable=False),
        sa.Column("shipping_charged", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("authorized", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("voided", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("captured", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refunded", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("payment_provider", sa.Text(), nullable=False),
        sa.Column("payment_token", sa.Text(), nullable=False),
        sa.Column("payment_retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_intent", sa.Text(), nullable=True),
        sa.Column("attention", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "payment_status IN ('none', 'pending', 'action_required', 'review', 'authorized', 'expired', 'declined', 'partially_captured', 'captured', 'partially_refunded', 'refunded', 'voided')",
            name=op.f("ck_orders_payment_status"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'payment_pending', 'on_hold', 'routing', 'awaiting_stock', 'in_fulfillment', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered', 'completed', 'returned', 'cancelled', 'needs_attention')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint(
            "captured + voided <= authorized", name=op.f("ck_orders_captured_within_authorized")
        ),
        sa.CheckConstraint(
            "least(authorized, voided, captured, refunded) >= 0", name=op.f("ck_orders_money_not_negative")
        ),
        sa.CheckConstraint("refunded <= captured", name=op.f("ck_orders_refunded_within_captured")),
        sa.CheckConstraint(
            "total = items + shipping - discount + tax AND total >= 0", name=op.f("ck_orders_total_adds_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("channel", "order_number", name=op.f("uq_orders_channel_order_number")),
    )
    op.create_index("ix_orders_customer", "orders", ["customer_id", "placed_at", "id"], unique=False)
    op.create_index("ix_orders_placed", "orders", ["placed_at", "id"], unique=False)
    op.create_index("ix_orders_status", "orders", ["status", "placed_at", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["order_id", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "postal_areas",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("country", "postal_code", name=op.f("pk_postal_areas")),
    )
    op.create_table(
        "products",
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weight_g", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("weight_g >= 0", name=op.f("ck_products_weight_not_negative")),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_products")),
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("on_hand_delta", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reserved_delta", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("fulfillment_id", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index("ix_stock_movements_cell", "stock_movements", ["location_id", "sku", "id"], unique=False)
    op.create_table(
        "tracking_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_events")),
        sa.UniqueConstraint(
            "carrier",
            "tracking_number",
            "status",
            "occurred_at",
            "place",
            name=op.f("uq_tracking_events_carrier_tracking_number_status_occurred_at_place"),
        ),
    )
    op.create_index(
        "ix_tracking_events_number", "tracking_events", ["tracking_number", "occurred_at"], unique=False
    )
    op.create_table(
        "fulfillment_orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("seen_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("shipments", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cost", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ship_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'accepted', 'rejected', 'expired', 'picking', 'packed', 'ready_for_pickup', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered', 'lost', 'returned', 'cancelled')",
            name=op.f("ck_fulfillment_orders_status"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fulfillment_orders_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfillment_orders")),
    )
    op.create_index(
        "ix_fulfillment_orders_list", "fulfillment_orders", ["location_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_fulfillment_orders_order", "fulfillment_orders", ["order_id", "number"], unique=True)
    op.create_index(
        "ix_fulfillment_orders_work",
        "fulfillment_orders",
        ["location_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text(
            "status IN ('accepted', 'open', 'packed', 'partially_shipped', 'picking', 'planned', 'ready_for_pickup')"
        ),
    )
    op.create_table(
        "order_events",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_order_events")),
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("backordered", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("allocated", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shipped", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("delivered", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("returned", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lost", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cancelled", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "amount = quantity * unit_price - discount + tax AND amount >= 0",
            name=op.f("ck_order_lines_amount_adds_up"),
        ),
        sa.CheckConstraint(
            "least(pending, backordered, allocated, shipped, delivered, returned, lost, cancelled) >= 0",
            name=op.f("ck_order_lines_units_not_negative"),
        ),
        sa.CheckConstraint(
            "pending + backordered + allocated + shipped + delivered + returned + lost + cancelled = quantity",
            name=op.f("ck_order_lines_units_sum_to_ordered"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("order_id", "line_id", name=op.f("pk_order_lines")),
    )
    op.create_index(op.f("ix_order_lines_sku"), "order_lines", ["sku"], unique=False)
    op.create_table(
        "payment_intents",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("authorization", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'succeeded', 'declined', 'spent', 'expired', 'voided')",
            name=op.f("ck_payment_intents_status"),
        ),
        sa.CheckConstraint(
            "step IN ('authorize', 'capture', 'void', 'refund')", name=op.f("ck_payment_intents_step")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_intents_amount_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_intents_order_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_payment_intents")),
        sa.UniqueConstraint("order_id", "step", "n", name=op.f("uq_payment_intents_order_id_step_n")),
    )
    op.create_index(
        "ix_payment_intents_open",
        "payment_intents",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(op.f("ix_payment_intents_order_id"), "payment_intents", ["order_id"], unique=False)
    op.create_table(
        "routing_decisions",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("record", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_routing_decisions_order_id")),
        sa.PrimaryKeyConstraint("order_id", "n", name=op.f("pk_routing_decisions")),
    )
    op.create_table(
        "service_bands",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("max_km", sa.Numeric(precision=10, scale=3), nullable=False),
        sa.Column("base", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("per_kg", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("transit_days", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["service"], ["carrier_services.name"], name=op.f("fk_service_bands_service")
        ),
        sa.PrimaryKeyConstraint("service", "max_km", name=op.f("pk_service_bands")),
    )
    op.create_table(
        "stock",
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reserved", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("safety_stock", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= on_hand", name=op.f("ck_stock_reserved_within_on_hand")
        ),
        sa.CheckConstraint("safety_stock >= 0", name=op.f("ck_stock_safety_stock_not_negative")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_stock_location_id")),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name=op.f("fk_stock_sku")),
        sa.PrimaryKeyConstraint("sku", "location_id", name=op.f("pk_stock")),
    )
    op.create_index("ix_stock_location", "stock", ["location_id", "sku"], unique=False)
    op.create_table(
        "fulfillment_lines",
        sa.Column("fulfillment_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=True),
        sa.Column("shipped", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "shipped >= 0 AND shipped <= quantity", name=op.f("ck_fulfillment_lines_shipped_within_asked")
        ),
        sa.ForeignKeyConstraint(
            ["fulfillment_id"], ["fulfillment_orders.id"], name=op.f("fk_fulfillment_lines_fulfillment_id")
        ),
        sa.PrimaryKeyConstraint("fulfillment_id", "line_id", name=op.f("pk_fulfillment_lines")),
    )
    op.create_table(
        "parcels",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("fulfillment_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("tracking_status", sa.Text(), nullable=False),
        sa.Column("delayed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("exception", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["fulfillment_id"], ["fulfillment_orders.id"], name=op.f("fk_parcels_fulfillment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
    )
    op.create_index(op.f("ix_parcels_fulfillment_id"), "parcels", ["fulfillment_id"], unique=False)
    op.create_index(op.f("ix_parcels_order_id"), "parcels", ["order_id"], unique=False)
    op.create_index(op.f("ix_parcels_tracking_number"), "parcels", ["tracking_number"], unique=False)
    op.create_table(
        "payment_ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("intent_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('authorize', 'capture', 'void', 'refund')", name=op.f("ck_payment_ledger_kind")
        ),
        sa.ForeignKeyConstraint(
            ["intent_key"], ["payment_intents.key"], name=op.f("fk_payment_ledger_intent_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_ledger")),
        sa.UniqueConstraint("intent_key", name=op.f("uq_payment_ledger_intent_key")),
    )
    op.create_index(op.f("ix_payment_ledger_order_id"), "payment_ledger", ["order_id"], unique=False)
    op.create_table(
        "parcel_lines",
        sa.Column("parcel_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_parcel_lines_something_packed")),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_lines_parcel_id")),
        sa.PrimaryKeyConstraint("parcel_id", "line_id", name=op.f("pk_parcel_lines")),
    )

    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Undo."""
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.drop_table("parcel_lines")
    op.drop_index(op.f("ix_payment_ledger_order_id"), table_name="payment_ledger")
    op.drop_table("payment_ledger")
    op.drop_index(op.f("ix_parcels_tracking_number"), table_name="parcels")
    op.drop_index(op.f("ix_parcels_order_id"), table_name="parcels")
    op.drop_index(op.f("ix_parcels_fulfillment_id"), table_name="parcels")
    op.drop_table("parcels")
    op.drop_table("fulfillment_lines")
    op.drop_index("ix_stock_location", table_name="stock")
    op.drop_table("stock")
    op.drop_table("service_bands")
    op.drop_table("routing_decisions")
    op.drop_index(op.f("ix_payment_intents_order_id"), table_name="payment_intents")
    op.drop_index(
        "ix_payment_intents_open", table_name="payment_intents", postgresql_where=sa.text("status = 'open'")
    )
    op.drop_table("payment_intents")
    op.drop_index(op.f("ix_order_lines_sku"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_table("order_events")
    op.drop_index(
        "ix_fulfillment_orders_work",
        table_name="fulfillment_orders",
        postgresql_where=sa.text(
            "status IN ('accepted', 'open', 'packed', 'partially_shipped', 'picking', 'planned', 'ready_for_pickup')"
        ),
    )
    op.drop_index("ix_fulfillment_orders_order", table_name="fulfillment_orders")
    op.drop_index("ix_fulfillment_orders_list", table_name="fulfillment_orders")
    op.drop_table("fulfillment_orders")
    op.drop_index("ix_tracking_events_number", table_name="tracking_events")
    op.drop_table("tracking_events")
    op.drop_index("ix_stock_movements_cell", table_name="stock_movements")
    op.drop_table("stock_movements")
    op.drop_table("products")
    op.drop_table("postal_areas")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("outbox")
    op.drop_index("ix_orders_status", table_name="orders")
    op.drop_index("ix_orders_placed", table_name="orders")
    op.drop_index("ix_orders_customer", table_name="orders")
    op.drop_table("orders")
    op.drop_table("locations")
    op.drop_table("idempotency_records")
    op.drop_index("ix_earmarks_cell", table_name="earmarks")
    op.drop_table("earmarks")
    op.drop_table("carrier_services")
    op.drop_index(
        "ix_carrier_inbox_quarantine",
        table_name="carrier_inbox",
        postgresql_where=sa.text("state = 'quarantined'"),
    )
    op.drop_table("carrier_inbox")
    op.drop_table("capacity_usage")
    op.drop_index("ix_backorders_queue", table_name="backorders")
    op.drop_table("backorders")
    op.drop_table("api_keys")
