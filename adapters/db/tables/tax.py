"""Tax rates by place, kind of product, and time."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from adapters.db.tables.base import metadata

tax_rates = Table(
    "tax_rates",
    metadata,
    Column("country", Text, nullable=False),
    Column("region", Text, nullable=False, server_default=text("''")),
    Column("postal_prefix", Text, nullable=False, server_default=text("''")),
    Column("category", Text, nullable=False, server_default=text("'standard'")),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("percent", Numeric(9, 6), nullable=False),
    Column("included", Boolean, nullable=False),
    Column("on_shipping", Boolean, nullable=False),
    PrimaryKeyConstraint("country", "region", "postal_prefix", "category", "valid_from"),
    CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    CheckConstraint("valid_to >= valid_from", name="valid_for_a_day"),
)
"""An empty region or prefix stands for all of them. Both days of the validity count; none is for ever.
`included`: prices of the place hold the tax already. `on_shipping` counts in the category `standard`."""
