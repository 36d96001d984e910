"""what decisions rest on: every part of a decision's input, once, and the record byte for byte."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PARTS = ("asked_part", "locations_part", "rates_part", "stock_part", "policy_part")
INDEXED = ("at", "asked_part", "stock_part")


def upgrade() -> None:
    """Apply; records of before keep their JSONB's text, and have no parts."""
    op.create_table(
        "routing_parts",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name="hash"),
    )
    op.add_column("routing_decisions", sa.Column("seconds", sa.Float))
    for part in PARTS:
        op.add_column("routing_decisions", sa.Column(part, sa.Text))
        op.create_foreign_key(
            op.f(f"fk_routing_decisions_{part}"),
            "routing_decisions",
            "routing_parts",
            [part],
            ["hash"],
            ondelete="SET NULL",
        )
    for part in INDEXED:
        op.create_index(f"ix_routing_decisions_{part}", "routing_decisions", [part])
    op.execute("UPDATE routing_decisions SET seconds = (record #>> '{certificate,seconds}')::float")
    op.execute(
        "ALTER TABLE routing_decisions ALTER COLUMN record TYPE text"
        " USING (record #- '{certificate,seconds}')::text"
    )


def downgrade() -> None:
    """Take back: the parts are lost, the records are kept."""
    op.execute("ALTER TABLE routing_decisions ALTER COLUMN record TYPE jsonb USING record::jsonb")
    op.execute(
        "UPDATE routing_decisions SET record = jsonb_set(record, '{certificate,seconds}', to_jsonb(seconds))"
        " WHERE seconds IS NOT NULL"
    )
    for part in INDEXED:
        op.drop_index(f"ix_routing_decisions_{part}", "routing_decisions")
    for part in ("seconds", *PARTS):
        op.drop_column("routing_decisions", part)
    op.drop_table("routing_parts")
