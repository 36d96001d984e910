"""The pure rules of an authorization, and the database constraints that stand behind them."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service.authorization import Authorization, State
from adapters.payments.sandbox_service.refusals import AUTHORIZATION_EXPIRED, Refused
from tests.adapters.payments.payer import Payer

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SOON = NOW + timedelta(seconds=60)


@pytest.fixture
def held() -> Authorization:
    return Authorization("auth_1", "order-1", "tok_ok", "USD", authorized=1000, expires_at=SOON)


def test_the_state_follows_the_amounts_and_the_clock(held: Authorization) -> None:
    partly = held.capture(400, NOW, final=False)

    assert held.state(NOW) is State.AUTHORIZED
    assert held.void(NOW).state(NOW) is State.VOIDED
    assert held.state(SOON) is State.EXPIRED
    assert partly.state(NOW) is State.PARTIALLY_CAPTURED
    assert partly.capture(600, NOW, final=False).state(SOON) is State.CAPTURED
    assert partly.capture(1, NOW, final=True).state(SOON) is State.CAPTURED
    assert partly.void(NOW).state(SOON) is State.CAPTURED


def test_what_was_captured_in_time_can_be_refunded_after_expiry(held: Authorization) -> None:
    partly = held.capture(400, NOW, final=False)

    with pytest.raises(Refused) as refused:
        partly.capture(1, SOON, final=False)

    assert refused.value.refusal is AUTHORIZATION_EXPIRED
    assert partly.refund(400).refunded == 400


@pytest.mark.parametrize(
    "falsehood",
    ["captured = 1001", "captured = 600, released = 401", "captured = 5, refunded = 6", "captured = -1"],
)
async def test_the_database_keeps_no_false_books(
    payments: SandboxPayments, database_url: str, falsehood: str
) -> None:
    payer = Payer(payments, "tok_ok")
    await payer.authorize(1000)
    query = f"UPDATE psp.authorizations SET {falsehood} WHERE reference = $1"  # noqa: S608

    connection = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(query, payer.authorization)
    await connection.close()
