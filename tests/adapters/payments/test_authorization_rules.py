"""The pure rules of an authorization, and the database constraints that stand behind them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.sandbox_service.authorization import Authorization, State
from adapters.payments.sandbox_service.refusals import (
    AUTHORIZATION_EXPIRED,
    CUSTOMER_IS_ASKED,
    Refused,
)
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


def test_what_waits_for_its_customer_can_only_be_confirmed_or_called_off(held: Authorization) -> None:
    waiting = replace(held, waits=True, expires_at=None)

    with pytest.raises(Refused) as refused:
        waiting.capture(1, NOW, final=False)

    assert refused.value.refusal is CUSTOMER_IS_ASKED
    assert waiting.state(NOW) is State.ACTION_REQUIRED
    assert waiting.void(NOW).state(NOW) is State.VOIDED
    assert waiting.confirm(SOON).state(NOW) is State.AUTHORIZED
    assert waiting.confirm(SOON).state(SOON) is State.EXPIRED


@dataclass
class Clerk:
    """Does what is asked with one authorization; `captures` and `refunds` are taken and undecided."""

    auth: Authorization
    captures: list[tuple[int, bool]] = field(default_factory=list)
    refunds: list[int] = field(default_factory=list)

    def capture(self, amount: int, *, final: bool) -> None:
        self.auth = self.auth.capture(amount, NOW, final=final)

    def take(self, amount: int, *, final: bool) -> None:
        self.auth = self.auth.begin_capture(amount, NOW)
        self.captures.append((amount, final))

    def settle(self, _amount: int, *, final: bool) -> None:
        if self.captures:
            amount, final = self.captures.pop()
            self.auth = self.auth.settle_capture(amount, final=final)

    def drop(self, _amount: int, *, final: bool) -> None:
        if self.captures:
            self.auth = self.auth.drop_capture(self.captures.pop()[0])

    def void(self, _amount: int, *, final: bool) -> None:
        self.auth = self.auth.void(NOW)

    def refund(self, amount: int, *, final: bool) -> None:
        self.auth = self.auth.refund(amount)

    def owe(self, amount: int, *, final: bool) -> None:
        self.auth = self.auth.begin_refund(amount)
        self.refunds.append(amount)

    def repay(self, _amount: int, *, final: bool) -> None:
        if self.refunds:
            self.auth = self.auth.settle_refund(self.refunds.pop())

    def withhold(self, _amount: int, *, final: bool) -> None:
        if self.refunds:
            self.auth = self.auth.drop_refund(self.refunds.pop())


STEPS = [
    Clerk.capture,
    Clerk.take,
    Clerk.settle,
    Clerk.drop,
    Clerk.void,
    Clerk.refund,
    Clerk.owe,
    Clerk.repay,
    Clerk.withhold,
]
asks = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 60), st.booleans()), max_size=30)


@given(single=st.booleans(), asked=asks)
def test_whatever_is_decided_later_no_amount_is_spent_twice(
    *, single: bool, asked: list[tuple[Callable[..., None], int, bool]]
) -> None:
    held = Authorization("auth_1", "order-1", "tok_ok", "USD", authorized=100, single_capture=single)
    clerk = Clerk(held)

    for step, amount, final in asked:
        with suppress(Refused):
            step(clerk, amount, final=final)

        auth = clerk.auth
        assert auth.capturing == sum(kept for kept, _ in clerk.captures)
        assert auth.refunding == sum(clerk.refunds)
        assert min(auth.captured, auth.released, auth.refunded, auth.left) >= 0
        assert auth.captured + auth.capturing + auth.released + auth.left == auth.authorized
        assert auth.refunded + auth.refunding <= auth.captured


@pytest.mark.parametrize(
    "falsehood",
    [
        "captured = 1001",
        "captured = 600, released = 401",
        "captured = 5, refunded = 6",
        "captured = -1",
        "capturing = 1001",
        "refunding = 1",
        "waits = true, released = 1",
    ],
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
