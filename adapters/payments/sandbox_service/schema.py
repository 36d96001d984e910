"""The provider's tables, and the constraints that guard its books."""

from typing import Final

from adapters.payments.sandbox_service.transaction import Transaction

_START_LOCK = 0x7073702D73746172
"""Advisory lock of the table set-up: CREATE … IF NOT EXISTS alone is not safe when two start at once."""

_FIRST = """
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

_CURRENCY_AND_FEE = """
-- XXX is the code of no currency, for refusals that were entered without one.
ALTER TABLE psp.operations ADD COLUMN currency text, ADD COLUMN fee bigint NOT NULL DEFAULT 0;
UPDATE psp.operations o SET currency = coalesce(
    (SELECT a.currency FROM psp.authorizations a WHERE a.reference = o.authorized_as), 'XXX');
ALTER TABLE psp.operations
    ALTER COLUMN currency SET NOT NULL,
    ADD CONSTRAINT a_fee_is_part_of_a_capture CHECK (
        fee = 0 OR (fee BETWEEN 0 AND amount AND kind = 'capture' AND status = 'succeeded'));
CREATE INDEX operations_by_time ON psp.operations (at);
"""

_UNDECIDED = """
-- `capturing` and `refunding` are under way: neither taken yet nor free for anything else. While `waits`, the
-- customer has not confirmed and nothing is held.
ALTER TABLE psp.authorizations
    ADD COLUMN capturing bigint NOT NULL DEFAULT 0 CHECK (capturing >= 0),
    ADD COLUMN refunding bigint NOT NULL DEFAULT 0 CHECK (refunding >= 0),
    ADD COLUMN waits boolean NOT NULL DEFAULT false,
    ADD COLUMN single_capture boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT never_above_authorized,
    DROP CONSTRAINT refunded_within_captured,
    ADD CONSTRAINT never_above_authorized CHECK (captured + capturing + released <= authorized),
    ADD CONSTRAINT refunded_within_captured CHECK (refunded + refunding <= captured),
    ADD CONSTRAINT nothing_is_taken_before_the_customer_confirms
        CHECK (NOT waits OR captured + capturing + released + refunded + refunding = 0);

-- An operation that was taken and not decided (202) is decided once; `decided` is what it would be answered
-- now, `fails` and `final` what its script and its caller want of it then. To call off what held no money
-- moves none.
ALTER TABLE psp.operations
    ADD COLUMN decide_at timestamptz,
    ADD COLUMN fails boolean NOT NULL DEFAULT false,
    ADD COLUMN final boolean NOT NULL DEFAULT false,
    ADD COLUMN decided json,
    DROP CONSTRAINT operations_amount_check,
    DROP CONSTRAINT operations_status_check,
    DROP CONSTRAINT operations_answer_status_check,
    DROP CONSTRAINT the_answer_tells_the_status,
    ADD CHECK (amount > 0 OR (amount = 0 AND kind = 'void')),
    ADD CHECK (status IN ('succeeded', 'declined', 'failed', 'pending')),
    ADD CHECK (answer_status IN (201, 202, 402)),
    ADD CONSTRAINT the_answer_tells_the_status CHECK (answer_status = 202
        OR (status <> 'pending' AND (status = 'succeeded') = (answer_status = 201))),
    ADD CONSTRAINT what_was_undecided_is_decided_once
        CHECK ((answer_status = 202 AND status <> 'pending') = (decided IS NOT NULL));
CREATE INDEX operations_of_authorization ON psp.operations (authorized_as);
CREATE INDEX operations_to_decide ON psp.operations (decide_at) WHERE status = 'pending';

-- What the provider tells by itself. `deliveries`: how many more times it is to arrive; `seq` is the order in
-- which it happened.
CREATE TABLE psp.notices (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id   text NOT NULL UNIQUE,
    body       text NOT NULL,
    deliveries smallint NOT NULL DEFAULT 1 CHECK (deliveries >= 0),
    attempts   integer NOT NULL DEFAULT 0,
    next_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX notices_to_send ON psp.notices (next_at) WHERE deliveries > 0;
"""

_ACCOUNTS = """
ALTER TABLE psp.authorizations ADD COLUMN account text NOT NULL DEFAULT 'sandbox';
ALTER TABLE psp.operations ADD COLUMN account text NOT NULL DEFAULT 'sandbox';
ALTER TABLE psp.notices ADD COLUMN account text NOT NULL DEFAULT 'sandbox';
"""

_COMING_BACK = """
-- A refund that succeeded may fail after all: then its money could not be credited, and is the merchant's.
ALTER TABLE psp.operations
    DROP CONSTRAINT the_answer_tells_the_status,
    DROP CONSTRAINT what_was_undecided_is_decided_once,
    ADD CONSTRAINT the_answer_tells_the_status CHECK (answer_status = 202
        OR (status <> 'pending' AND (status = 'succeeded') = (answer_status = 201))
        OR (kind = 'refund' AND fails AND status = 'failed')),
    ADD CONSTRAINT what_was_undecided_is_decided_once
        CHECK ((status <> 'pending' AND answer_status = 202 OR status = 'failed' AND answer_status = 201)
            = (decided IS NOT NULL));
CREATE INDEX operations_to_come_back ON psp.operations (decide_at) WHERE status = 'succeeded' AND fails;
"""

_STEPS: Final = (_FIRST, _CURRENCY_AND_FEE, _UNDECIDED, _ACCOUNTS, _COMING_BACK)
"""Each is taken once; tables from before steps were counted have taken the first."""


async def create_tables(transaction: Transaction) -> None:
    """Bring the tables to what this code needs; any number of processes may do so at once."""
    await transaction.execute("SELECT pg_advisory_xact_lock($1)", _START_LOCK)
    await transaction.execute("CREATE SCHEMA IF NOT EXISTS psp")
    await transaction.execute("CREATE TABLE IF NOT EXISTS psp.steps_taken (step integer PRIMARY KEY)")
    taken = {row["step"] for row in await transaction.fetch("SELECT step FROM psp.steps_taken")}
    for step, statements in enumerate(_STEPS, start=1):
        if step not in taken:
            await transaction.execute(statements)
            await transaction.execute("INSERT INTO psp.steps_taken VALUES ($1)", step)
