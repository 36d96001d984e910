"""the whole life: holds, grace, backorders with dates, returns, refunds, trouble on the way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("return_inspections", "store_credits", "write_offs")

CHECKS = (
    ("orders", "routing", "routing IN ('auto', 'manual')"),
    ("orders", "refunded_within_due", "refunded <= refund_due"),
    ("orders", "dues_not_negative", "least(refund_due, store_credit, written_off, superseded) >= 0"),
    ("order_lines", "refunded_within_ordered", "refunded_units >= 0 AND refunded_units <= quantity"),
    ("parcels", "fate", "fate IN ('delivered', 'lost', 'returned')"),
)
INTENTS_BEFORE = "status IN ('open', 'succeeded', 'declined', 'spent', 'expired', 'voided')"
INTENTS_SINCE = "status IN ('open', 'succeeded', 'superseded', 'declined', 'spent', 'expired', 'voided')"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "holds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("blocks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "blocks <@ ARRAY['routing', 'release', 'capture']", name=op.f("ck_holds_blocks_known_steps")
        ),
        sa.CheckConstraint("cardinality(blocks) > 0", name=op.f("ck_holds_blocks_something")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_holds_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_holds_order_id_number")),
    )
    op.create_index(
        "ix_holds_active", "holds", ["order_id"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "inbound_supply",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_inbound_supply_something_comes")),
        sa.CheckConstraint("received >= 0", name=op.f("ck_inbound_supply_received_not_negative")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_inbound_supply_location_id")
        ),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name=op.f("fk_inbound_supply_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_supply")),
    )
    op.create_index(
        "ix_inbound_supply_open",
        "inbound_supply",
        ["sku", "expected_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refund_to", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("written_off", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "refund_to IN ('original', 'store_credit', 'exchange')", name=op.f("ck_refunds_refund_to")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint("least(paid, written_off) >= 0", name=op.f("ck_refunds_paid_not_negative")),
        sa.CheckConstraint("paid + written_off <= amount", name=op.f("ck_refunds_paid_within_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_order_id"), "refunds", ["order_id"], unique=False)
    op.create_table(
        "returns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refund_to", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refund", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('customer', 'to_sender')", name=op.f("ck_returns_kind")),
        sa.CheckConstraint(
            "refund_to IN ('original', 'store_credit', 'exchange')", name=op.f("ck_returns_refund_to")
        ),
        sa.CheckConstraint(
            "status IN ('requested', 'in_transit', 'partially_received', 'received', 'inspected', 'completed', 'rejected', 'expired', 'cancelled')",
            name=op.f("ck_returns_status"),
        ),
        sa.CheckConstraint("refund >= 0", name=op.f("ck_returns_refund_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_returns_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_returns_order_id_number")),
    )
    op.create_index(
        "ix_returns_open", "returns", ["order_id"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("ix_returns_status", "returns", ["status", "requested_at", "id"], unique=False)
    op.create_table(
        "write_offs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "step IN ('authorize', 'capture', 'void', 'refund')", name=op.f("ck_write_offs_step")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_write_offs_amount_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_write_offs_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_offs")),
    )
    op.create_index(op.f("ix_write_offs_order_id"), "write_offs", ["order_id"], unique=False)
    op.create_table(
        "return_inspections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "disposition IN ('restock', 'refurbish', 'scrap', 'return_to_vendor')",
            name=op.f("ck_return_inspections_disposition"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_inspections_something_inspected")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_inspections_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_inspections")),
    )
    op.create_index(
        op.f("ix_return_inspections_return_id"), "return_inspections", ["return_id"], unique=False
    )
    op.create_table(
        "return_lines",
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("inspected", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "inspected >= 0 AND inspected <= received", name=op.f("ck_return_lines_inspected_within_received")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_lines_something_returned")),
        sa.CheckConstraint(
            "received >= 0 AND received <= quantity", name=op.f("ck_return_lines_received_within_asked")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_lines_return_id")),
        sa.PrimaryKeyConstraint("return_id", "line_id", name=op.f("pk_return_lines")),
    )
    op.create_table(
        "return_receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("inspected", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "inspected >= 0 AND inspected <= quantity",
            name=op.f("ck_return_receipts_inspected_within_received"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_receipts_something_received")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_return_receipts_location_id")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_receipts_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_receipts")),
    )
    op.create_index(op.f("ix_return_receipts_return_id"), "return_receipts", ["return_id"], unique=False)
    op.create_table(
        "store_credits",
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_store_credits_amount_positive")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_store_credits_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_store_credits")),
    )
    op.create_index(op.f("ix_store_credits_customer_id"), "store_credits", ["customer_id"], unique=False)
    op.create_index(op.f("ix_store_credits_order_id"), "store_credits", ["order_id"], unique=False)
    _add_columns()
    _carry_over()
    for table, name, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    _restate_intents(INTENTS_SINCE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _add_columns() -> None:
    op.add_column("backorders", sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fulfillment_orders", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fulfillment_orders", sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fulfillment_orders", sa.Column("silent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fulfillment_orders", sa.Column("capacity_day", sa.Date(), nullable=True))
    op.add_column(
        "order_lines", sa.Column("refunded_units", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("orders", sa.Column("routing", sa.Text(), server_default=sa.text("'auto'"), nullable=False))
    op.add_column(
        "orders",
        sa.Column(
            "excluded_locations", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column("orders", sa.Column("pinned_location", sa.Text(), nullable=True))
    op.add_column("orders", sa.Column("decisions", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("orders", sa.Column("forgiven", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column(
        "orders", sa.Column("refund_due", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "orders", sa.Column("store_credit", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "orders", sa.Column("written_off", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "orders", sa.Column("superseded", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("orders", sa.Column("authorization_ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("renew_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("declines", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("orders", sa.Column("payment_due_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("attention_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "orders",
        sa.Column("shipping_refunded", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("orders", sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "orders", sa.Column("active_holds", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "orders", sa.Column("open_returns", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("parcels", sa.Column("fate", sa.Text(), nullable=True))
    op.create_index(
        "ix_orders_open", "orders", ["id"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index(
        "ix_orders_attention",
        "orders",
        ["attention_since", "id"],
        unique=False,
        postgresql_where=sa.text("attention IS NOT NULL"),
    )


def _carry_over() -> None:
    op.execute("UPDATE orders SET refund_due = refunded")
    op.execute("UPDATE parcels SET fate = 'delivered' WHERE delivered_at IS NOT NULL")
    op.execute("""
        UPDATE orders SET decisions = made.n
        FROM (SELECT order_id, max(n) AS n FROM routing_decisions GROUP BY order_id) made
        WHERE made.order_id = orders.id
    """)
    op.execute("UPDATE orders SET attention_since = now() WHERE attention IS NOT NULL")


def _restate_intents(condition: str) -> None:
    op.drop_constraint(op.f("ck_payment_intents_status"), "payment_intents")
    op.create_check_constraint(op.f("ck_payment_intents_status"), "payment_intents", condition)


def downgrade() -> None:
    """Revert."""
    _restate_intents(INTENTS_BEFORE)
    for table, name, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.drop_index("ix_orders_attention", table_name="orders")
    op.drop_index("ix_orders_open", table_name="orders")
    op.drop_column("parcels", "fate")
    op.drop_column("orders", "open_returns")
    op.drop_column("orders", "updated_at")
    op.drop_column("orders", "shipping_refunded")
    op.drop_column("orders", "active_holds")
    op.drop_column("orders", "attention_since")
    op.drop_column("orders", "payment_due_by")
    op.drop_column("orders", "declines")
    op.drop_column("orders", "renew_at")
    op.drop_column("orders", "authorization_ends_at")
    op.drop_column("orders", "superseded")
    op.drop_column("orders", "written_off")
    op.drop_column("orders", "store_credit")
    op.drop_column("orders", "refund_due")
    op.drop_column("orders", "forgiven")
    op.drop_column("orders", "decisions")
    op.drop_column("orders", "pinned_location")
    op.drop_column("orders", "excluded_locations")
    op.drop_column("orders", "routing")
    op.drop_column("order_lines", "refunded_units")
    op.drop_column("fulfillment_orders", "capacity_day")
    op.drop_column("fulfillment_orders", "silent_at")
    op.drop_column("fulfillment_orders", "accept_by")
    op.drop_column("fulfillment_orders", "held_at")
    op.drop_column("backorders", "expected_at")
    op.drop_index(op.f("ix_store_credits_order_id"), table_name="store_credits")
    op.drop_index(op.f("ix_store_credits_customer_id"), table_name="store_credits")
    op.drop_table("store_credits")
    op.drop_index(op.f("ix_return_receipts_return_id"), table_name="return_receipts")
    op.drop_table("return_receipts")
    op.drop_table("return_lines")
    op.drop_index(op.f("ix_return_inspections_return_id"), table_name="return_inspections")
    op.drop_table("return_inspections")
    op.drop_index(op.f("ix_write_offs_order_id"), table_name="write_offs")
    op.drop_table("write_offs")
    op.drop_index("ix_returns_status", table_name="returns")
    op.drop_index("ix_returns_open", table_name="returns", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("returns")
    op.drop_index(op.f("ix_refunds_order_id"), table_name="refunds")
    op.drop_table("refunds")
    op.drop_index(
        "ix_inbound_supply_open", table_name="inbound_supply", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_table("inbound_supply")
    op.drop_index("ix_holds_active", table_name="holds", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("holds")
