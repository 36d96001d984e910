"""how units reach a store of another location, and what carriers' currencies are worth."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COST = sa.Numeric(precision=14, scale=4)
NOTHING = sa.text("0")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "transfer_legs",
        _location("origin"),
        _location("store"),
        sa.Column("base", COST, nullable=False),
        sa.Column("per_unit", COST, server_default=NOTHING, nullable=False),
        sa.Column("per_kg", COST, server_default=NOTHING, nullable=False),
        sa.Column("days", sa.Numeric(precision=6, scale=2), server_default=NOTHING, nullable=False),
        sa.PrimaryKeyConstraint("store", "origin", name=op.f("pk_transfer_legs")),
        sa.CheckConstraint("origin <> store", name=op.f("ck_transfer_legs_somewhere_else")),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.PrimaryKeyConstraint("currency", name=op.f("pk_exchange_rates")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_worth_something")),
    )
    op.add_column("carrier_services", sa.Column("currency", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_carrier_services_currency"),
        "carrier_services",
        "exchange_rates",
        ["currency"],
        ["currency"],
    )


def _location(name: str) -> "sa.Column[str]":
    known = sa.ForeignKey("locations.id", name=op.f(f"fk_transfer_legs_{name}"))
    return sa.Column(name, sa.Text(), known, nullable=False)


def downgrade() -> None:
    """Take back."""
    op.drop_column("carrier_services", "currency")
    op.drop_table("exchange_rates")
    op.drop_table("transfer_legs")
