"""Payment intents, written before each outside effect, and what is owed back or not pursued any more."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.db.tables.base import MOMENT, MONEY, metadata, one_of
from domain.payment import MoneyStep
from domain.payment_notice import NoticeState
from domain.refund_policy import RefundKind
from domain.return_status import RefundTo

payment_intents = Table(
    "payment_intents",
    metadata,
    Column("key", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("final", Boolean, nullable=False, server_default=text("false")),
    Column("authorization", Text),
    Column("status", Text, nullable=False, server_default=text("'open'")),
    Column("reference", Text),
    Column("code", Text),
    Column("token", Text),
    Column("renews", Boolean, nullable=False, server_default=text("false")),
    Column("held", MONEY, nullable=False, server_default=text("0")),
    Column("released", MONEY, nullable=False, server_default=text("0")),
    Column("expires_at", MOMENT),
    Column("renew_at", MOMENT),
    Column("pending_since", MOMENT),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", MOMENT, nullable=False),
    Column("resolved_at", MOMENT),
    one_of("step", MoneyStep),
    UniqueConstraint("order_id", "step", "n"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("least(held, released) >= 0 AND held <= amount", name="held_within_amount"),
    CheckConstraint(
        "status IN ('open', 'abandoned', 'succeeded', 'superseded', 'declined', 'spent', 'expired', "
        "'voided', 'failed')",
        name="status",
    ),
    Index("ix_payment_intents_open", "order_id", unique=True, postgresql_where=text("status = 'open'")),
)
"""At most one intent of an order is open; one that the provider took and has not decided is `pending_since`.
An authorization is `abandoned` when nobody waits for its customer or its provider any more: a yes that
comes all the same is entered, and voided. One without a `reference` and `code` has yet to be looked up. A
succeeded one later becomes spent, voided or expired: it can be drawn on only while it is `succeeded`, for
what it still holds (`held`). A superseded one is to be voided. A refund has `failed` when it had succeeded
and its money came back. A draw names its `authorization` by the provider's reference; `released` is what a
capture let go of it besides."""

payment_notices = Table(
    "payment_notices",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("provider", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("intent_key", Text),
    Column("order_id", Text, index=True),
    Column("step", Text),
    Column("state", Text, nullable=False),
    Column("body", LargeBinary),
    Column("error", Text),
    Column("occurred_at", MOMENT),
    Column("received_at", MOMENT, nullable=False),
    UniqueConstraint("provider", "event_id"),
    one_of("state", NoticeState),
    Index("ix_payment_notices_quarantine", "id", postgresql_where=text("state = 'quarantined'")),
)
"""What providers told by themselves, each notice once. Only one that could not be read keeps its body, under
the body's digest."""

refunds = Table(
    "refunds",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("return_id", Text),
    Column("reason", Text, nullable=False),
    Column("refund_to", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("paid", MONEY, nullable=False, server_default=text("0")),
    Column("written_off", MONEY, nullable=False, server_default=text("0")),
    Column("actor", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    one_of("kind", RefundKind),
    one_of("refund_to", RefundTo),
    UniqueConstraint("order_id", "number", "refund_to"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("least(paid, written_off) >= 0", name="paid_not_negative"),
    CheckConstraint("paid + written_off <= amount", name="paid_within_amount"),
)
"""What the customer is to get back, and why; one refund (`number`) has a row for each place that it goes to.
To the instrument it is paid by effects, the oldest first; as store credit once that much was captured."""

store_credits = Table(
    "store_credits",
    metadata,
    Column("refund_id", BigInteger, ForeignKey("refunds.id"), primary_key=True),
    Column("order_id", Text, nullable=False, index=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("amount", MONEY, nullable=False),
    Column("currency", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    CheckConstraint("amount > 0", name="amount_positive"),
)
"""Credit that a customer was given: a liability. Append-only."""

write_offs = Table(
    "write_offs",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    one_of("step", MoneyStep),
    CheckConstraint("amount > 0", name="amount_positive"),
)
"""Money that somebody decided not to pursue: a step at the provider that was skipped. Append-only."""
