"""checkout holds: stock and capacity that are kept for a cart, and what an order was promised."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATUSES = "'held', 'used', 'released', 'expired', 'withdrawn'"


def upgrade() -> None:
    """Apply."""
    _reservations()
    op.create_table(
        "reserved_units",
        _of_reservation("reserved_units"),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reservation_id", "sku", "location_id", name=op.f("pk_reserved_units")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reserved_units_something_held")),
    )
    op.create_index("ix_reserved_units_cell", "reserved_units", ["sku", "location_id"])
    op.create_table(
        "reserved_capacity",
        _of_reservation("reserved_capacity"),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reservation_id", "location_id", name=op.f("pk_reserved_capacity")),
        sa.CheckConstraint("taken > 0", name=op.f("ck_reserved_capacity_something_taken")),
    )
    op.create_index("ix_reserved_capacity_day", "reserved_capacity", ["location_id", "day"])
    op.add_column("orders", sa.Column("reservation", sa.Text(), nullable=True))
    op.add_column("orders", sa.Column("promise", JSONB(), nullable=True))


def _reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cart", JSONB(), nullable=False),
        sa.Column("promise", JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reservations_order_id")),
        sa.UniqueConstraint("order_id", name=op.f("uq_reservations_order_id")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_reservations_status")),
        sa.CheckConstraint(
            "(status = 'used') = (order_id IS NOT NULL)", name=op.f("ck_reservations_used_by_an_order")
        ),
        sa.CheckConstraint(
            "(status = 'held') = (ended_at IS NULL)", name=op.f("ck_reservations_held_until_ended")
        ),
    )
    op.create_index(
        "ix_reservations_held", "reservations", ["expires_at"], postgresql_where=sa.text("status = 'held'")
    )


def _of_reservation(table: str) -> sa.Column[str]:
    key = sa.ForeignKey("reservations.id", name=op.f(f"fk_{table}_reservation_id"))
    return sa.Column("reservation_id", sa.Text(), key, nullable=False)


def downgrade() -> None:
    """Take back."""
    op.drop_column("orders", "promise")
    op.drop_column("orders", "reservation")
    op.drop_table("reserved_capacity")
    op.drop_table("reserved_units")
    op.drop_table("reservations")
