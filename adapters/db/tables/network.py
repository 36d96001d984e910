"""Products, locations, what carriers charge, and where postal codes lie."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from adapters.db.tables.base import metadata

products = Table(
    "products",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("weight_g", Integer, nullable=False, server_default=text("0")),
    Column("tax_category", Text, nullable=False, server_default=text("'standard'")),
    CheckConstraint("weight_g >= 0", name="weight_not_negative"),
)

locations = Table(
    "locations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lng", Float, nullable=False),
    Column("time_zone", Text, nullable=False, server_default=text("'UTC'")),
    Column("handling_cost", Numeric(14, 4), nullable=False, server_default=text("0")),
    Column("handling_per_unit", Numeric(14, 4), nullable=False, server_default=text("0")),
    Column("daily_capacity", Integer),
    Column("capacity_unit", Text, nullable=False, server_default=text("'orders'")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("kind IN ('dc', 'store', '3pl', 'supplier')", name="kind"),
    CheckConstraint("capacity_unit IN ('orders', 'units')", name="capacity_unit"),
    CheckConstraint("lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180", name="on_the_globe"),
)
"""Costs in minor units of the network's currency, fractions allowed."""

capacity_usage = Table(
    "capacity_usage",
    metadata,
    Column("location_id", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("used", Integer, nullable=False),
    PrimaryKeyConstraint("location_id", "day"),
    CheckConstraint("used >= 0", name="used_not_negative"),
)
"""What of a location's daily capacity is taken, in its own unit, by the location's own date."""

carrier_services = Table(
    "carrier_services",
    metadata,
    Column("name", Text, primary_key=True),
    Column("service_level", Text, nullable=False, server_default=text("'standard'")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

service_bands = Table(
    "service_bands",
    metadata,
    Column("service", Text, ForeignKey("carrier_services.name"), nullable=False),
    Column("max_km", Numeric(10, 3), nullable=False),
    Column("base", Numeric(14, 4), nullable=False),
    Column("per_kg", Numeric(14, 4), nullable=False),
    Column("transit_days", Numeric(6, 2), nullable=False),
    PrimaryKeyConstraint("service", "max_km"),
)

postal_areas = Table(
    "postal_areas",
    metadata,
    Column("country", Text, nullable=False),
    Column("postal_code", Text, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lng", Float, nullable=False),
    PrimaryKeyConstraint("country", "postal_code"),
)
"""Centres of postal codes or of their prefixes; the longest prefix of an address's code wins."""
