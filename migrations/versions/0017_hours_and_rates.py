"""hours of locations and carriers, what locations can do, sizes of products, zones and weight breaks."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = postgresql.ARRAY(sa.Text())
NONE = sa.text("'{}'")
LOCATIONS: tuple[sa.Column[Any], ...] = (
    sa.Column("postal_code", sa.Text(), nullable=True),
    sa.Column("calendar", sa.Text(), nullable=True),
    sa.Column("cutoff", sa.Time(), nullable=True),
    sa.Column("processing_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
    sa.Column("groups", TEXTS, server_default=NONE, nullable=False),
    sa.Column("services", TEXTS, nullable=True),
    sa.Column("methods", TEXTS, server_default=sa.text("'{ship,pickup}'"), nullable=False),
    sa.Column("serves", postgresql.JSONB(), nullable=True),
    sa.Column("handles", TEXTS, nullable=True),
    sa.Column("offline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("priority", sa.Integer(), nullable=True),
)
PRODUCTS: tuple[sa.Column[Any], ...] = (
    sa.Column("length_mm", sa.Integer(), nullable=True),
    sa.Column("width_mm", sa.Integer(), nullable=True),
    sa.Column("height_mm", sa.Integer(), nullable=True),
    sa.Column("flags", TEXTS, server_default=NONE, nullable=False),
    sa.Column("category", sa.Text(), nullable=True),
)
SERVICES: tuple[sa.Column[Any], ...] = (
    sa.Column("dim_divisor", sa.Numeric(precision=10, scale=3), nullable=True),
    sa.Column("calendar", sa.Text(), nullable=True),
    sa.Column("pickups", postgresql.ARRAY(sa.Time()), server_default=NONE, nullable=False),
    sa.Column("surcharges", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    sa.Column("zones", postgresql.JSONB(), nullable=True),
)
BANDS: tuple[sa.Column[Any], ...] = (
    sa.Column("zone", sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column("breaks", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
)
ADDED = {
    "locations": LOCATIONS,
    "products": PRODUCTS,
    "carrier_services": SERVICES,
    "service_bands": BANDS,
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendars",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "open_weekdays",
            postgresql.ARRAY(sa.Integer()),
            server_default=sa.text("'{0,1,2,3,4}'"),
            nullable=False,
        ),
        sa.Column("holidays", sa.Text(), nullable=True),
        sa.Column("closed", postgresql.ARRAY(sa.Date()), server_default=NONE, nullable=False),
        sa.Column("extra_open", postgresql.ARRAY(sa.Date()), server_default=NONE, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_calendars")),
        sa.CheckConstraint("open_weekdays <@ '{0,1,2,3,4,5,6}'", name=op.f("ck_calendars_weekdays")),
    )
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)
    for table in ("locations", "carrier_services"):
        op.create_foreign_key(op.f(f"fk_{table}_calendar"), table, "calendars", ["calendar"], ["name"])
    op.create_check_constraint(
        op.f("ck_locations_processing_not_negative"), "locations", "processing_minutes >= 0"
    )
    op.create_check_constraint(
        op.f("ck_products_sides_together"), "products", "num_nulls(length_mm, width_mm, height_mm) IN (0, 3)"
    )
    _key(["service", "zone", "max_km"])


def _key(columns: list[str]) -> None:
    name = op.f("pk_service_bands")
    op.drop_constraint(name, "service_bands", type_="primary")
    op.create_primary_key(name, "service_bands", columns)


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM service_bands WHERE zone <> ''")
    _key(["service", "max_km"])
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
    op.drop_table("calendars")
