"""how much of a product a location should hold, and what it sells."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = ("maximum", "least_cover_days", "most_cover_days")


def upgrade() -> None:
    """Apply."""
    for name in COLUMNS:
        op.add_column("stock", sa.Column(name, sa.Integer(), nullable=True))
        op.create_check_constraint(op.f(f"ck_stock_{name}_not_negative"), "stock", f"{name} >= 0")
    op.create_index(
        "ix_stock_movements_shipped",
        "stock_movements",
        ["sku", "location_id", "at"],
        postgresql_include=["on_hand_delta"],
        postgresql_where=sa.text("reason = 'shipped'"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_stock_movements_shipped", table_name="stock_movements")
    for name in COLUMNS:
        op.drop_column("stock", name)
