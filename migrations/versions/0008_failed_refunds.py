"""failed refunds: those that had succeeded, and whose money came back."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INTENTS_BEFORE = (
    "status IN ('open', 'abandoned', 'succeeded', 'superseded', 'declined', 'spent', 'expired', 'voided')"
)
INTENTS_SINCE = "status IN ('open', 'abandoned', 'succeeded', 'superseded', 'declined', 'spent', 'expired', 'voided', 'failed')"
FACTS_BEFORE = "fact IN ('authorize', 'capture', 'void', 'refund', 'expire', 'invoice', 'credit_note', 'write_off', 'opening')"
FACTS_SINCE = "fact IN ('authorize', 'capture', 'void', 'refund', 'expire', 'invoice', 'credit_note', 'write_off', 'opening', 'refund_failed')"


def upgrade() -> None:
    """Apply."""
    _restate("payment_intents", "status", INTENTS_SINCE)
    _restate("ledger_entries", "fact", FACTS_SINCE)


def _restate(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def downgrade() -> None:
    """Take back."""
    _restate("ledger_entries", "fact", FACTS_BEFORE)
    _restate("payment_intents", "status", INTENTS_BEFORE)
