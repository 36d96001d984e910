"""how long a location rests after it failed, and the tier of an order's customer."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("locations", sa.Column("cool_off_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("customer_tier", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("orders", "customer_tier")
    op.drop_column("locations", "cool_off_until")
