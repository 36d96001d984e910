"""payments in flight: notices, answers that come later, several authorizations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INTENTS_BEFORE = "status IN ('open', 'succeeded', 'superseded', 'declined', 'spent', 'expired', 'voided')"
INTENTS_SINCE = (
    "status IN ('open', 'abandoned', 'succeeded', 'superseded', 'declined', 'spent', 'expired', 'voided')"
)
DUES_BEFORE = "least(refund_due, store_credit, written_off, superseded) >= 0"
DUES_SINCE = "least(refund_due, store_credit, written_off, superseded, abandoned) >= 0"

HELD = """
    UPDATE payment_intents SET renew_at = orders.renew_at, held = payment_intents.amount - (
        SELECT coalesce(sum(drawn.amount), 0) FROM payment_intents drawn
        WHERE drawn.order_id = payment_intents.order_id AND drawn.step IN ('capture', 'void')
          AND drawn.status = 'succeeded' AND drawn.authorization = payment_intents.reference)
    FROM orders
    WHERE orders.id = payment_intents.order_id AND payment_intents.step = 'authorize'
      AND payment_intents.status IN ('succeeded', 'superseded')
"""
"""What each authorization still holds, by what was drawn on it."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "payment_notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("intent_key", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'known', 'unknown', 'quarantined')", name=op.f("ck_payment_notices_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notices")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_payment_notices_provider_event_id")),
    )
    op.create_index(op.f("ix_payment_notices_order_id"), "payment_notices", ["order_id"], unique=False)
    op.create_index(
        "ix_payment_notices_quarantine",
        "payment_notices",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'quarantined'"),
    )
    _add_to_orders()
    _add_to_intents()


def _add_to_orders() -> None:
    op.add_column("orders", sa.Column("payment_action", sa.Text(), nullable=True))
    op.add_column(
        "orders", sa.Column("abandoned", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("orders", sa.Column("single_capture", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_orders_single_capture"), "orders", "single_capture IN ('reauthorize', 'at_last_shipment')"
    )
    _restate("orders", "dues_not_negative", DUES_SINCE)


def _add_to_intents() -> None:
    new: tuple[sa.Column[object], ...] = (
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("renews", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("held", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("released", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("renew_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending_since", sa.DateTime(timezone=True), nullable=True),
    )
    for column in new:
        op.add_column("payment_intents", column)
    op.create_check_constraint(
        op.f("ck_payment_intents_held_within_amount"),
        "payment_intents",
        "least(held, released) >= 0 AND held <= amount",
    )
    _restate("payment_intents", "status", INTENTS_SINCE)
    op.execute(HELD)


def _restate(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def downgrade() -> None:
    """Take back."""
    _restate("payment_intents", "status", INTENTS_BEFORE)
    _restate("orders", "dues_not_negative", DUES_BEFORE)
    op.drop_constraint(op.f("ck_payment_intents_held_within_amount"), "payment_intents")
    for column in ("pending_since", "renew_at", "released", "held", "renews", "token"):
        op.drop_column("payment_intents", column)
    op.drop_constraint(op.f("ck_orders_single_capture"), "orders")
    for column in ("single_capture", "abandoned", "payment_action"):
        op.drop_column("orders", column)
    op.drop_table("payment_notices")
