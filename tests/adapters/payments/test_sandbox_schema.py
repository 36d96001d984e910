"""Books that an earlier version wrote are read by this one."""

from datetime import UTC, datetime, timedelta

import asyncpg
import httpx

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service import create_app
from adapters.payments.sandbox_service.database import Database
from domain.payment import Declined, MoneyStep, PaymentRequest, Succeeded
from tests.adapters.payments.conftest import PATIENT
from tests.adapters.payments.running_psp import running

FIRST_VERSION = """
CREATE SCHEMA psp;
CREATE TABLE psp.authorizations (
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
CREATE TABLE psp.operations (
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
CREATE INDEX operations_of_order ON psp.operations (order_id, seq);
CREATE TABLE psp.token_turns (
    order_id text NOT NULL,
    token    text NOT NULL,
    subject  text NOT NULL,
    turns    bigint NOT NULL CHECK (turns > 0),
    PRIMARY KEY (order_id, token, subject)
);
INSERT INTO psp.authorizations (reference, order_id, token, currency, authorized)
    VALUES ('auth_old', 'order-old', 'tok_ok', 'EUR', 1000);
INSERT INTO psp.operations (idempotency_key, fingerprint, order_id, kind, amount, status, authorized_as,
                            answer_status, answer)
    VALUES ('order-old:authorize:1', 'f', 'order-old', 'authorize', 1000, 'succeeded', 'auth_old', 201,
            '{"reference": "auth_old", "risk": "normal", "expires_at": null}'),
           ('order-new:authorize:1', 'f', 'order-new', 'authorize', 500, 'declined', NULL, 402,
            '{"code": "card_declined", "hard": true}');
"""


async def test_old_books_are_read_and_go_on(fresh_database_url: str, http: httpx.AsyncClient) -> None:
    connection = await asyncpg.connect(fresh_database_url)
    await connection.execute(FIRST_VERSION)
    await connection.close()
    asked = PaymentRequest("order-old", MoneyStep.AUTHORIZE, "order-old:authorize:1", 1000, "EUR", "tok_ok")
    capture = PaymentRequest(
        "order-old", MoneyStep.CAPTURE, "order-old:capture:1", 1000, "EUR", authorization="auth_old"
    )
    declined = PaymentRequest("order-new", MoneyStep.AUTHORIZE, "order-new:authorize:1", 500, "USD", "tok_ok")
    now, around = datetime.now(UTC), timedelta(minutes=5)

    async with running(create_app(fresh_database_url)) as url:
        payments = SandboxPayments(http, url, PATIENT)
        found = await payments.look_up(asked)
        refused = await payments.look_up(declined)
        captured = await payments.execute(capture)
        books = [effect async for effect in payments.booked(now - around, now + around)]

    assert isinstance(found, Succeeded)
    assert found.reference == "auth_old"
    assert refused == Declined("card_declined", hard=True)
    assert isinstance(captured, Succeeded)
    assert [(one.step, one.amount, one.currency, one.status) for one in books] == [
        ("authorize", 1000, "EUR", "succeeded"),
        ("authorize", 500, "XXX", "declined"),
        ("capture", 1000, "EUR", "succeeded"),
    ]


async def test_tables_that_are_there_are_left_alone(fresh_database_url: str) -> None:
    for _ in range(2):
        database = Database(fresh_database_url)
        await database.ask()
        await database.close()

    connection = await asyncpg.connect(fresh_database_url)
    steps = await connection.fetch("SELECT step FROM psp.steps_taken ORDER BY step")
    await connection.close()
    assert [row["step"] for row in steps] == [1, 2, 3, 4, 5]
