"""one number each: no two documents of an installation have the same."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_unique_constraint(op.f("uq_invoices_label"), "invoices", ["label"])
    op.create_check_constraint(
        op.f("ck_legal_entities_numbered_apart"), "legal_entities", "invoice_prefix <> credit_note_prefix"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("ck_legal_entities_numbered_apart"), "legal_entities", type_="check")
    op.drop_constraint(op.f("uq_invoices_label"), "invoices", type_="unique")
