"""What was decided about payments."""

from sqlalchemy import Column, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.db.tables.base import MOMENT, metadata, one_of
from domain.risk import Verdict

risk_decisions = Table(
    "risk_decisions",
    metadata,
    Column("intent_key", Text, ForeignKey("payment_intents.key"), primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("rule", Text),
    Column("facts", JSONB, nullable=False),
    Column("at", MOMENT, nullable=False),
    one_of("verdict", Verdict),
)
"""One row for each authorization that was judged: the rule that decided (none: no rule applied), and
everything that was looked at. No personal data. Append-only."""
