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
    Time,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from adapters.db.tables.base import MOMENT, metadata

products = Table(
    "products",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("weight_g", Integer, nullable=False, server_default=text("0")),
    Column("tax_category", Text, nullable=False, server_default=text("'standard'")),
    Column("length_mm", Integer),
    Column("width_mm", Integer),
    Column("height_mm", Integer),
    Column("flags", ARRAY(Text, as_tuple=True), nullable=False, server_default=text("'{}'")),
    Column("category", Text),
    CheckConstraint("weight_g >= 0", name="weight_not_negative"),
    CheckConstraint("num_nulls(length_mm, width_mm, height_mm) IN (0, 3)", name="sides_together"),
)

calendars = Table(
    "calendars",
    metadata,
    Column("name", Text, primary_key=True),
    Column("open_weekdays", ARRAY(Integer), nullable=False, server_default=text("'{0,1,2,3,4}'")),
    Column("holidays", Text),
    Column("closed", ARRAY(Date), nullable=False, server_default=text("'{}'")),
    Column("extra_open", ARRAY(Date), nullable=False, server_default=text("'{}'")),
    CheckConstraint("open_weekdays <@ '{0,1,2,3,4,5,6}'", name="weekdays"),
)
"""Working days (Monday is 0), less the public holidays of a country ("DE") or a part of it ("DE-BY") and
other closed dates, plus extra ones."""

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
    Column("postal_code", Text),
    Column("calendar", Text, ForeignKey("calendars.name")),
    Column("cutoff", Time),
    Column("processing_minutes", Integer, nullable=False, server_default=text("0")),
    Column("groups", ARRAY(Text, as_tuple=True), nullable=False, server_default=text("'{}'")),
    Column("services", ARRAY(Text, as_tuple=True)),
    Column("methods", ARRAY(Text, as_tuple=True), nullable=False, server_default=text("'{ship,pickup}'")),
    Column("serves", JSONB(none_as_null=True)),
    Column("handles", ARRAY(Text, as_tuple=True)),
    Column("offline", Boolean, nullable=False, server_default=text("false")),
    Column("priority", Integer),
    Column("cool_off_until", MOMENT),
    CheckConstraint("processing_minutes >= 0", name="processing_not_negative"),
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

transfer_legs = Table(
    "transfer_legs",
    metadata,
    Column("origin", Text, ForeignKey("locations.id"), nullable=False),
    Column("store", Text, ForeignKey("locations.id"), nullable=False),
    Column("base", Numeric(14, 4), nullable=False),
    Column("per_unit", Numeric(14, 4), nullable=False, server_default=text("0")),
    Column("per_kg", Numeric(14, 4), nullable=False, server_default=text("0")),
    Column("days", Numeric(6, 2), nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("store", "origin"),
    CheckConstraint("origin <> store", name="somewhere_else"),
)

exchange_rates = Table(
    "exchange_rates",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("rate", Numeric(20, 10), nullable=False),
    CheckConstraint("rate > 0", name="worth_something"),
)
"""What one minor unit of a currency is worth in minor units of the network's."""

carrier_services = Table(
    "carrier_services",
    metadata,
    Column("name", Text, primary_key=True),
    Column("service_level", Text, nullable=False, server_default=text("'standard'")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("dim_divisor", Numeric(10, 3)),
    Column("calendar", Text, ForeignKey("calendars.name")),
    Column("pickups", ARRAY(Time), nullable=False, server_default=text("'{}'")),
    Column("surcharges", JSONB, nullable=False, server_default=text("'[]'")),
    Column("zones", JSONB(none_as_null=True)),
    Column("currency", Text, ForeignKey("exchange_rates.currency")),
)
"""Surcharges and the rows of a zone map are lists of objects with the fields of routing's own models."""

service_bands = Table(
    "service_bands",
    metadata,
    Column("service", Text, ForeignKey("carrier_services.name"), nullable=False),
    Column("max_km", Numeric(10, 3), nullable=False),
    Column("base", Numeric(14, 4), nullable=False),
    Column("per_kg", Numeric(14, 4), nullable=False),
    Column("transit_days", Numeric(6, 2), nullable=False),
    Column("zone", Text, nullable=False, server_default=text("''")),
    Column("breaks", JSONB, nullable=False, server_default=text("'[]'")),
    PrimaryKeyConstraint("service", "zone", "max_km"),
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
