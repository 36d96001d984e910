"""Keys, and the answers that a repeated request gets again."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from adapters.db.tables.base import MOMENT, metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("location_id", Text),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT),
    Column("revoked_at", MOMENT),
)
"""`hash` is the SHA-256 of the key, which itself is shown once and kept nowhere."""

idempotency_records = Table(
    "idempotency_records",
    metadata,
    Column("key_id", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("body_hash", Text, nullable=False),
    Column("status", Integer),
    Column("answer", JSONB),
    Column("created_at", MOMENT, nullable=False),
    PrimaryKeyConstraint("key_id", "method", "path", "idempotency_key"),
)
