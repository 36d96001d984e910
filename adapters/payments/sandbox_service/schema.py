"""The provider's tables, and the constraints that guard its books."""

from adapters.payments.sandbox_service.transaction import Transaction

_START_LOCK = 0x7073702D73746172
"""Advisory lock of the table set-up: CREATE … IF NOT EXISTS alone is not safe when two start at once."""

_TABLES = """
CREATE SCHEMA IF NOT EXISTS psp;

CREATE TABLE IF NOT EXISTS psp.authorizations (
    reference  text PRIMARY KEY,
    order_id   text NOT NULL,
    token      text NOT NULL,
    currency   text NOT NULL,
    authorized bigint NOT NULL CHECK (authorized > 0),
    captured   bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
    released   bigint NOT NULL DEFAULT 0 CHECK (released >= 0),
    refunded   bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    expires_at timestamptz,
    CONSTRAINT never_above_authorized CHECK (captured + released <= authorized),
    CONSTRAINT refunded_within_captured CHECK (refunded <= captured)
);

-- An operation is its own idempotency record: one row, one effect, one stored answer.
CREATE TABLE IF NOT EXISTS psp.operations (
    seq             bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    idempotency_key text PRIMARY KEY,
    fingerprint     text NOT NULL,
    order_id        text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('authorize', 'capture', 'void', 'refund')),
    amount          bigint NOT NULL CHECK (amount > 0),
    status          text NOT NULL CHECK (status IN ('succeeded', 'declined', 'failed')),
    authorized_as   text REFERENCES psp.authorizations (reference),
    answer_status   smallint NOT NULL CHECK (answer_status IN (201, 402)),
    answer          json NOT NULL,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT an_effect_has_an_authorization
        CHECK (status <> 'succeeded' OR authorized_as IS NOT NULL),
    CONSTRAINT the_answer_tells_the_status CHECK ((status = 'succeeded') = (answer_status = 201))
);

CREATE INDEX IF NOT EXISTS operations_of_order ON psp.operations (order_id, seq);

-- How often a scripted token has played its part, for one order and one subject (a step, or one key).
CREATE TABLE IF NOT EXISTS psp.token_turns (
    order_id text NOT NULL,
    token    text NOT NULL,
    subject  text NOT NULL,
    turns    bigint NOT NULL CHECK (turns > 0),
    PRIMARY KEY (order_id, token, subject)
);
"""


async def create_tables(transaction: Transaction) -> None:
    """Create what is missing; any number of processes may do so at once."""
    await transaction.execute("SELECT pg_advisory_xact_lock($1)", _START_LOCK)
    await transaction.execute(_TABLES)
