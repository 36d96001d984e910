"""tax of parts: what of a document's tax is for shipping, and what is its adjustment's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PARTS = ("shipping_tax", "adjustment_tax")


def upgrade() -> None:
    """Apply."""
    for part in PARTS:
        op.add_column("invoices", sa.Column(part, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take back."""
    for part in reversed(PARTS):
        op.drop_column("invoices", part)
