"""postponed authorizations: how near an order's supply has to be, and when it will be."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHECKS = {
    "postponed_is_unpaid": "authorize_within IS NULL OR payment_status = 'none' AND authorized = 0",
    "dated_is_postponed": "authorize_at IS NULL OR authorize_within IS NOT NULL",
}


def upgrade() -> None:
    """Apply."""
    op.add_column("orders", sa.Column("authorize_within", sa.Interval(), nullable=True))
    op.add_column("orders", sa.Column("authorize_at", sa.DateTime(timezone=True), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_orders_{name}"), "orders", condition)


def downgrade() -> None:
    """Take back."""
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_orders_{name}"), "orders", type_="check")
    op.drop_column("orders", "authorize_at")
    op.drop_column("orders", "authorize_within")
