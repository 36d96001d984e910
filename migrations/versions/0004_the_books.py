"""the books: the double-entry ledger, invoices and credit notes, and who sells."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ACCOUNTS = "account IN ('authorized_held', 'authorized_by_customers', 'accounts_receivable', 'psp_clearing', 'psp_fees', 'sales', 'shipping_income', 'tax_payable', 'refunds_payable', 'store_credit_liability', 'goodwill', 'retained', 'write_offs', 'opening_balances')"
FACTS = "fact IN ('authorize', 'capture', 'void', 'refund', 'expire', 'invoice', 'credit_note', 'write_off', 'opening')"

BALANCED = """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) <> 0 OR count(DISTINCT (order_id, fact, currency)) > 1
        FROM ledger_entries WHERE transaction = NEW.transaction) THEN
        RAISE EXCEPTION 'transaction % does not balance', NEW.transaction USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
ISSUED_ONCE = """
CREATE FUNCTION refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    numbering text[] := '{number,label,issued_at,seller,buyer,names}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.number IS NOT NULL OR to_jsonb(NEW) - numbering <> to_jsonb(OLD) - numbering THEN
        RAISE EXCEPTION 'a document is numbered once and never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

FORMER_EFFECTS = """
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at)
SELECT l.intent_key, l.order_id, l.kind, side.account, l.amount * side.sign, o.currency, l.at
FROM payment_ledger l JOIN orders o ON o.id = l.order_id
JOIN (VALUES ('authorize', 'authorized_held', 1), ('authorize', 'authorized_by_customers', -1),
             ('void', 'authorized_held', -1), ('void', 'authorized_by_customers', 1),
             ('capture', 'authorized_held', -1), ('capture', 'authorized_by_customers', 1),
             ('capture', 'psp_clearing', 1), ('capture', 'accounts_receivable', -1),
             ('refund', 'refunds_payable', 1), ('refund', 'psp_clearing', -1)
     ) AS side (kind, account, sign) ON side.kind = l.kind
ORDER BY l.id, side.account
"""
OPENING = """
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at)
WITH bought AS (
    SELECT o.id, o.currency, o.written_off, o.store_credit,
           (SELECT coalesce(sum(r.amount - r.written_off), 0)
            FROM refunds r WHERE r.order_id = o.id AND r.refund_to = 'original') AS owed_back,
           coalesce(sum((2 * l.amount * (l.shipped + l.delivered + l.returned + l.lost) + l.quantity)
                        / (2 * l.quantity)), 0)
           + CASE WHEN sum(l.shipped + l.delivered + l.returned + l.lost) > 0
             THEN o.shipping_charged ELSE 0 END AS due,
           o.authorized
           - coalesce((SELECT sum(p.amount) FROM payment_ledger p
                       WHERE p.order_id = o.id AND p.kind = 'authorize'), 0) AS ran_out,
           o.closed_at, greatest(o.refund_due - o.captured, 0) AS set_off
    FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.id
), opening AS (
    SELECT b.id, b.currency, side.account, side.amount FROM bought b, LATERAL (VALUES
        ('authorized_held', b.ran_out), ('authorized_by_customers', -b.ran_out),
        ('accounts_receivable', b.due - b.written_off),
        ('refunds_payable', -(b.owed_back - CASE WHEN b.closed_at IS NULL THEN 0 ELSE b.set_off END)),
        ('store_credit_liability', -b.store_credit)
    ) AS side (account, amount)
)
SELECT 'opening:' || id, id, 'opening', account, amount, currency, now() FROM (
    SELECT id, currency, account, amount FROM opening
    UNION ALL
    SELECT id, currency, 'opening_balances', -sum(amount) FROM opening GROUP BY id, currency
) AS entry WHERE amount <> 0
"""
"""What was there before the books were kept: what had left, what was owed back, and what had run out."""

BACK_TO_EFFECTS = """
INSERT INTO payment_ledger (order_id, intent_key, kind, amount, at)
SELECT order_id, transaction, fact, max(abs(amount)), min(at) FROM ledger_entries
WHERE fact IN ('authorize', 'capture', 'void', 'refund')
GROUP BY order_id, transaction, fact ORDER BY min(id)
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transaction", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(FACTS, name=op.f("ck_ledger_entries_fact")),
        sa.CheckConstraint(ACCOUNTS, name=op.f("ck_ledger_entries_account")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entries_something_moved")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_ledger_entries_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("transaction", "account", name=op.f("uq_ledger_entries_transaction_account")),
    )
    op.create_index(op.f("ix_ledger_entries_order_id"), "ledger_entries", ["order_id"], unique=False)
    op.create_index("ix_ledger_entries_at", "ledger_entries", ["at"], unique=False)
    op.create_table(
        "legal_entities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("invoice_prefix", sa.Text(), nullable=False),
        sa.Column("credit_note_prefix", sa.Text(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_entities")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("fulfillment_id", sa.Text(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("legal_entity", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("shipping", sa.BigInteger(), nullable=False),
        sa.Column("adjustment", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("refund_to", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seller", postgresql.JSONB(), nullable=True),
        sa.Column("buyer", postgresql.JSONB(), nullable=True),
        sa.Column("names", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind")),
        sa.CheckConstraint(
            "refund_to IN ('original', 'store_credit', 'exchange')", name=op.f("ck_invoices_refund_to")
        ),
        sa.CheckConstraint(
            "total = items + shipping + adjustment + tax AND total >= 0",
            name=op.f("ck_invoices_total_adds_up"),
        ),
        sa.CheckConstraint(
            "(kind = 'invoice') = (fulfillment_id IS NOT NULL) AND (kind = 'credit_note') = (refund_id IS NOT NULL)",
            name=op.f("ck_invoices_of_a_shipment_or_a_refund"),
        ),
        sa.CheckConstraint(
            "num_nulls(number, label, issued_at, seller, buyer, names) IN (0, 6)",
            name=op.f("ck_invoices_issued_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["fulfillment_id"], ["fulfillment_orders.id"], name=op.f("fk_invoices_fulfillment_id")
        ),
        sa.ForeignKeyConstraint(
            ["legal_entity"], ["legal_entities.id"], name=op.f("fk_invoices_legal_entity")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_invoices_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "legal_entity", "kind", "number", name=op.f("uq_invoices_legal_entity_kind_number")
        ),
        sa.UniqueConstraint("refund_id", name=op.f("uq_invoices_refund_id")),
    )
    op.create_index(op.f("ix_invoices_order_id"), "invoices", ["order_id"], unique=False)
    op.create_index(
        "ix_invoices_unnumbered",
        "invoices",
        ["position"],
        unique=False,
        postgresql_where=sa.text("number IS NULL"),
    )
    op.execute(
        "INSERT INTO legal_entities (id, name, address, invoice_prefix, credit_note_prefix) "
        "VALUES ('default', 'The seller', 'PUT /v1/legal-entities/default says who sells', 'INV-', 'CN-')"
    )
    op.execute(FORMER_EFFECTS)
    op.execute(OPENING)
    op.drop_table("payment_ledger")
    _guard()


def _guard() -> None:
    op.execute(BALANCED)
    op.execute(ISSUED_ONCE)
    op.execute(
        "CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced()"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER issued_once BEFORE UPDATE OR DELETE ON invoices "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_document()"
    )


def downgrade() -> None:
    """Take back."""
    op.create_table(
        "payment_ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("intent_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('authorize', 'capture', 'void', 'refund')", name=op.f("ck_payment_ledger_kind")
        ),
        sa.ForeignKeyConstraint(
            ["intent_key"], ["payment_intents.key"], name=op.f("fk_payment_ledger_intent_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_ledger")),
        sa.UniqueConstraint("intent_key", name=op.f("uq_payment_ledger_intent_key")),
    )
    op.create_index(op.f("ix_payment_ledger_order_id"), "payment_ledger", ["order_id"], unique=False)
    op.execute(BACK_TO_EFFECTS)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payment_ledger "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.drop_table("invoices")
    op.drop_table("legal_entities")
    op.drop_table("ledger_entries")
    op.execute("DROP FUNCTION refuse_change_of_document()")
    op.execute("DROP FUNCTION refuse_unbalanced()")
