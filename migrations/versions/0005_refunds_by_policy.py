"""refunds by policy: appeasements and their caps, fees, adjustments after the close."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHECKS_BEFORE = {
    "refunded_within_captured": "refunded <= captured",
    "refunded_within_due": "refunded <= refund_due",
}
CHECKS_SINCE = {
    "given_back_within_captured": "refunded + store_credit <= captured",
    "given_back_within_due": "refunded <= refund_due AND store_credit <= credit_due",
}


def upgrade() -> None:
    """Apply."""
    _extend_orders()
    _number_refunds()
    _create_adjustments()
    _create_claims()


def _extend_orders() -> None:
    op.add_column(
        "orders", sa.Column("credit_due", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "orders", sa.Column("adjusting", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.execute("UPDATE orders SET credit_due = store_credit")
    _restate(CHECKS_BEFORE, CHECKS_SINCE)
    op.create_index(
        "ix_orders_adjusting", "orders", ["id"], unique=False, postgresql_where=sa.text("adjusting")
    )


def _restate(before: dict[str, str], since: dict[str, str]) -> None:
    for name in before:
        op.drop_constraint(op.f(f"ck_orders_{name}"), "orders", type_="check")
    for name, condition in since.items():
        op.create_check_constraint(op.f(f"ck_orders_{name}"), "orders", condition)


def _number_refunds() -> None:
    op.add_column("refunds", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("refunds", sa.Column("kind", sa.Text(), nullable=True))
    op.execute("""
        UPDATE refunds SET number = counted.n,
               kind = CASE WHEN return_id IS NULL THEN 'undelivered' ELSE 'return' END
        FROM (SELECT id, row_number() OVER (PARTITION BY order_id ORDER BY id) AS n FROM refunds) counted
        WHERE counted.id = refunds.id
    """)
    op.alter_column("refunds", "number", nullable=False)
    op.alter_column("refunds", "kind", nullable=False)
    op.create_check_constraint(
        op.f("ck_refunds_kind"), "refunds", "kind IN ('appeasement', 'return', 'undelivered')"
    )
    op.create_unique_constraint(
        op.f("uq_refunds_order_id_number_refund_to"), "refunds", ["order_id", "number", "refund_to"]
    )


def _create_adjustments() -> None:
    op.create_table(
        "refund_adjustments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=True),
        sa.Column("refund_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('restocking_fee', 'shipping', 'given_before')", name=op.f("ck_refund_adjustments_kind")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_refund_adjustments_something_adjusted")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_adjustments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_adjustments")),
    )
    op.create_index(op.f("ix_refund_adjustments_order_id"), "refund_adjustments", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_refund_adjustments_return_id"), "refund_adjustments", ["return_id"], unique=False
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON refund_adjustments "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("parcel_id", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("paid_back", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (paid_back IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_claims_answered_or_not"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_claims_order_id")),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_claims_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("parcel_id", name=op.f("uq_claims_parcel_id")),
    )
    op.create_index(
        "ix_claims_open",
        "claims",
        ["order_id"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("claims")
    op.drop_table("refund_adjustments")
    op.drop_constraint(op.f("uq_refunds_order_id_number_refund_to"), "refunds", type_="unique")
    op.drop_column("refunds", "kind")
    op.drop_column("refunds", "number")
    op.drop_index("ix_orders_adjusting", table_name="orders")
    _restate(CHECKS_SINCE, CHECKS_BEFORE)
    op.drop_column("orders", "adjusting")
    op.drop_column("orders", "credit_due")
