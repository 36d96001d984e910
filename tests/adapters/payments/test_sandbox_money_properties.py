"""Whatever is asked of the provider, in whatever order, or all at once: the books hold."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import asyncpg
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.payments.sandbox import SandboxPayments
from domain.payment import MoneyStep, Succeeded
from tests.adapters.payments.payer import Books, Payer


@dataclass(frozen=True)
class Ask:
    """One keyed call; `repeats` more calls come with the same key."""

    step: MoneyStep
    amount: int
    final: bool
    repeats: int


@dataclass(frozen=True)
class Case:
    """One order's authorization and what is then asked of it, one by one or all at once."""

    authorized: int
    asked: list[Ask]
    at_once: bool


later_steps = st.sampled_from([MoneyStep.CAPTURE, MoneyStep.VOID, MoneyStep.REFUND])
rarely = st.sampled_from([False, False, False, True])
asks = st.builds(Ask, later_steps, st.integers(1, 60), rarely, st.integers(0, 2))
tokens = st.sampled_from(
    [
        "tok_capture_pending",
        "tok_capture_fails_later",
        "tok_refund_pending",
        "tok_refund_fails_later",
        "tok_refund_comes_back",
    ]
)
cases = st.builds(Case, st.integers(1, 150), st.lists(asks, max_size=10), st.booleans())


@settings(max_examples=25, deadline=None)
@given(case=cases)
async def test_no_sequence_breaks_the_books(
    payments: SandboxPayments, books: Books, database_url: str, case: Case
) -> None:
    payer = Payer(payments, "tok_ok")
    await payer.authorize(case.authorized)

    if case.at_once:
        said = await asyncio.gather(*[_ask(payer, ask) for ask in case.asked])
    else:
        said = [await _ask(payer, ask) for ask in case.asked]
        assert said == _due(case)

    rows = await books(payer.order_id)
    assert len(rows) == 1 + len(case.asked)
    moved = Counter[str]()
    for row in rows:
        moved[row["kind"]] += row["amount"] if row["status"] == "succeeded" else 0
    assert moved["authorize"] == case.authorized
    assert moved["capture"] + moved["void"] <= case.authorized
    assert moved["refund"] <= moved["capture"]
    assert await _held(database_url, payer) == (moved["capture"], moved["refund"])
    assert sum(row["status"] == "succeeded" for row in rows) == 1 + sum(said)


@settings(max_examples=15, deadline=None)
@given(token=tokens, case=cases)
async def test_no_sequence_of_later_decisions_breaks_the_books(
    payments: SandboxPayments, books: Books, database_url: str, token: str, case: Case
) -> None:
    payer = Payer(payments, token)
    await payer.authorize(case.authorized)

    if case.at_once:
        await asyncio.gather(*[_ask(payer, ask) for ask in case.asked])
    else:
        for ask in case.asked:
            await _ask(payer, ask)
    while await _to_decide(database_url, payer):  # noqa: ASYNC110 (another process's rows)
        await asyncio.sleep(0.1)

    rows = await books(payer.order_id)
    assert len(rows) == 1 + len(case.asked)
    moved = Counter[str]()
    for row in rows:
        moved[row["kind"]] += row["amount"] if row["status"] == "succeeded" else 0
    assert moved["capture"] + moved["void"] <= moved["authorize"] == case.authorized
    assert moved["refund"] <= moved["capture"]
    assert await _held(database_url, payer) == (moved["capture"], moved["refund"])
    assert await _under_way(database_url, payer) == (0, 0)


async def _to_decide(database_url: str, payer: Payer) -> int:
    connection = await asyncpg.connect(database_url)
    query = """SELECT count(*) FROM psp.operations
               WHERE order_id = $1 AND (status = 'pending' OR status = 'succeeded' AND fails)"""
    left: int = await connection.fetchval(query, payer.order_id)
    await connection.close()
    return left


async def _ask(payer: Payer, ask: Ask) -> bool:
    """Say whether it was done at once; all calls of the key are answered alike."""
    request = payer.request(ask.step, ask.amount, final=ask.final)
    calls = [payer.provider.execute(request) for _ in range(ask.repeats + 1)]
    (answer,) = set(await asyncio.gather(*calls))
    return isinstance(answer, Succeeded)


def _due(case: Case) -> list[bool]:
    """Say what a bookkeeper with two sums would answer to one call after the other."""
    left, repayable, due = case.authorized, 0, []
    for ask in case.asked:
        match ask.step:
            case MoneyStep.CAPTURE:
                done = ask.amount <= left
                if done:
                    left = 0 if ask.final else left - ask.amount
                    repayable += ask.amount
            case MoneyStep.VOID:
                done, left = left > 0, 0
            case _:
                done = ask.amount <= repayable
                repayable -= ask.amount if done else 0
        due.append(done)
    return due


async def _held(database_url: str, payer: Payer) -> tuple[int, int]:
    return await _amounts(database_url, payer, "captured, refunded")


async def _under_way(database_url: str, payer: Payer) -> tuple[int, int]:
    return await _amounts(database_url, payer, "capturing, refunding")


async def _amounts(database_url: str, payer: Payer, columns: str) -> tuple[int, int]:
    query = f"SELECT {columns} FROM psp.authorizations WHERE reference = $1"  # noqa: S608
    connection = await asyncpg.connect(database_url)
    first, second = await connection.fetchrow(query, payer.authorization)
    await connection.close()
    return first, second
