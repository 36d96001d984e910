"""skipped refunds: what was given back by other means stays given, and has an account of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ACCOUNTS_BEFORE = "account IN ('authorized_held', 'authorized_by_customers', 'accounts_receivable', 'psp_clearing', 'psp_fees', 'sales', 'shipping_income', 'tax_payable', 'refunds_payable', 'store_credit_liability', 'goodwill', 'retained', 'write_offs', 'opening_balances')"
ACCOUNTS_SINCE = "account IN ('authorized_held', 'authorized_by_customers', 'accounts_receivable', 'psp_clearing', 'psp_fees', 'sales', 'shipping_income', 'tax_payable', 'refunds_payable', 'store_credit_liability', 'goodwill', 'retained', 'write_offs', 'refunds_written_off', 'opening_balances')"
SKIPPED = "refunds_skipped BETWEEN 0 AND refunds_written_off"

WRITTEN_OFF = """
UPDATE orders SET refunds_written_off = cut.amount
FROM (SELECT order_id, sum(written_off) AS amount FROM refunds GROUP BY order_id) AS cut
WHERE cut.order_id = orders.id AND cut.amount > 0
"""
SKIPPED_BEFORE = """
UPDATE orders SET refunds_skipped = least(skipped.amount, refunds_written_off)
FROM (SELECT order_id, sum((data ->> 'amount')::bigint) AS amount FROM order_events
      WHERE type = 'order.step_skipped' AND data ->> 'stopped' IN ('refund_refused', 'refund_failed')
      GROUP BY order_id) AS skipped
WHERE skipped.order_id = orders.id
"""
RESTATED = """
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at)
SELECT booked.order_id || ':write_off:restated', booked.order_id, 'write_off', side.account,
       booked.amount * side.sign, booked.currency, now()
FROM (SELECT order_id, currency, -sum(amount) AS amount FROM ledger_entries AS entry
      WHERE account = 'write_offs' AND EXISTS (
          SELECT FROM ledger_entries AS other WHERE other.transaction = entry.transaction
          AND other.account IN ('refunds_payable', 'store_credit_liability'))
      GROUP BY order_id, currency) AS booked
JOIN (VALUES ('write_offs', 1), ('refunds_written_off', -1)) AS side (account, sign) ON true
ORDER BY booked.order_id, side.account
"""
"""Payments and refunds that were written off shared an account."""

TAKEN_BACK = """
ALTER TABLE ledger_entries DISABLE TRIGGER append_only;
DELETE FROM ledger_entries WHERE transaction LIKE '%:write_off:restated';
UPDATE ledger_entries SET account = 'write_offs' WHERE account = 'refunds_written_off';
ALTER TABLE ledger_entries ENABLE TRIGGER append_only
"""


def upgrade() -> None:
    """Apply."""
    for name in ("refunds_written_off", "refunds_skipped"):
        op.add_column("orders", sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_orders_skipped_is_written_off"), "orders", SKIPPED)
    _restate_accounts(ACCOUNTS_SINCE)
    for statement in (WRITTEN_OFF, SKIPPED_BEFORE, RESTATED, "SET CONSTRAINTS ALL IMMEDIATE"):
        op.execute(statement)


def _restate_accounts(condition: str) -> None:
    op.drop_constraint(op.f("ck_ledger_entries_account"), "ledger_entries", type_="check")
    op.create_check_constraint(op.f("ck_ledger_entries_account"), "ledger_entries", condition)


def downgrade() -> None:
    """Take back."""
    for statement in TAKEN_BACK.split(";"):
        op.execute(statement)
    _restate_accounts(ACCOUNTS_BEFORE)
    op.drop_constraint(op.f("ck_orders_skipped_is_written_off"), "orders", type_="check")
    op.drop_column("orders", "refunds_skipped")
    op.drop_column("orders", "refunds_written_off")
