"""Stored routing decisions: planned on random cases, and written as the reservation writes them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.decisions import Account, write_decision
from adapters.db.tables import orders
from bench.mixes import mixed_instance
from routing import LOWEST_COST
from routing.record.replay import answer
from routing.record.snapshot import Question, parts_of
from routing.record.written import record_text
from tests.routing.routing_cases import NOW, awkward_case, lifelike_case

ORDER_ID = "ord_1"


def question(seed: int) -> Question:
    """One of many: the orders of one network, what is small and awkward, and any mix of rules and rates."""
    moment = NOW + timedelta(seconds=seed)
    if seed % 3 == 1:
        return Question(*awkward_case(seed), moment)
    if seed % 3 == 2:
        return Question(*mixed_instance(seed, (2, 5)), moment)
    _, network, _ = lifelike_case(0, 3, 15)
    order, own, _ = lifelike_case(seed, 3, 15)
    return Question(order, replace(network, stock=own.stock), LOWEST_COST, moment, node_limit=2_000)


def account_of(asked: Question) -> Account:
    """What is kept of a decision."""
    made = answer(asked)
    return Account(made.certificate.policy_name, record_text(made), parts_of(asked), 0.001)


async def write_all(connection: AsyncConnection, asked: Iterable[Question]) -> None:
    """Write an order, and these decisions as its first, second and so on."""
    await given_order(connection)
    for n, one in enumerate(asked, start=1):
        await write_decision(connection, ORDER_ID, n, one.now, account_of(one))


async def given_order(connection: AsyncConnection, order_id: str = ORDER_ID) -> None:
    """Write an order's row."""
    await connection.execute(
        insert(orders).values(
            id=order_id, channel="web", order_number=order_id, content_hash="-", currency="USD",
            status="in_fulfillment", payment_status="authorized", placed_at=NOW, created_at=NOW,
            customer_id="c", customer_name="c", customer_email="c", ship_to={}, delivery_method="ship",
            service_level="standard", items=5, shipping=0, shipping_charged=0, discount=0, tax=0, total=5,
            authorized=5, payment_provider="sandbox", payment_token="tok_ok",
        )
    )  # fmt: skip
