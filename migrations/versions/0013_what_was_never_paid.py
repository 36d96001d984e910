"""what was never paid: a refund that is less for it says so."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('restocking_fee', 'shipping', 'given_before')"
SINCE = "kind IN ('restocking_fee', 'shipping', 'given_before', 'not_paid')"


def upgrade() -> None:
    """Apply."""
    _restate(SINCE)


def _restate(condition: str) -> None:
    name = op.f("ck_refund_adjustments_kind")
    op.drop_constraint(name, "refund_adjustments", type_="check")
    op.create_check_constraint(name, "refund_adjustments", condition)


def downgrade() -> None:
    """Take back."""
    _restate(BEFORE)
