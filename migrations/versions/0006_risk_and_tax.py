"""risk and tax: what was decided of a payment and why, rates by region."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "risk_decisions",
        sa.Column("intent_key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'review', 'declined')", name=op.f("ck_risk_decisions_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["intent_key"], ["payment_intents.key"], name=op.f("fk_risk_decisions_intent_key")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_risk_decisions_order_id")),
        sa.PrimaryKeyConstraint("intent_key", name=op.f("pk_risk_decisions")),
    )
    op.create_index(op.f("ix_risk_decisions_order_id"), "risk_decisions", ["order_id"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON risk_decisions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "tax_rates",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("postal_prefix", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("category", sa.Text(), server_default=sa.text("'standard'"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("percent", sa.Numeric(9, 6), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=False),
        sa.Column("on_shipping", sa.Boolean(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_tax_rates_percent")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_tax_rates_valid_for_a_day")),
        sa.PrimaryKeyConstraint(
            "country", "region", "postal_prefix", "category", "valid_from", name=op.f("pk_tax_rates")
        ),
    )
    op.add_column(
        "products",
        sa.Column("tax_category", sa.Text(), server_default=sa.text("'standard'"), nullable=False),
    )
    op.add_column("orders", sa.Column("ship_to_digest", sa.Text(), nullable=True))
    op.add_column(
        "orders", sa.Column("shipping_tax", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("orders", sa.Column("taxes", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_index("ix_orders_ship_to", "orders", ["ship_to_digest", "placed_at"], unique=False)
    op.create_check_constraint(
        op.f("ck_orders_shipping_tax_within_tax"), "orders", "shipping_tax BETWEEN 0 AND tax"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("ck_orders_shipping_tax_within_tax"), "orders")
    op.drop_index("ix_orders_ship_to", table_name="orders")
    op.drop_column("orders", "taxes")
    op.drop_column("orders", "shipping_tax")
    op.drop_column("orders", "ship_to_digest")
    op.drop_column("products", "tax_category")
    op.drop_table("tax_rates")
    op.drop_index(op.f("ix_risk_decisions_order_id"), table_name="risk_decisions")
    op.drop_table("risk_decisions")
