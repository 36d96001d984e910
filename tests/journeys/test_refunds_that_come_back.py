"""Refunds that had gone and whose money comes back: the order owes it again, and somebody is asked."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from tests.journeys.test_notices import told
from tests.returning import delivered, refunded
from tests.world import World

DAYS = timedelta(days=4)


async def came_back(service: World, amount: int, *, close: bool = False) -> str:
    """An order of which so much was given back, and came back after days."""
    order_id = await delivered(service, (await service.sku(north=2), 2), token="tok_refund_comes_back")
    if close:
        await service.close(order_id)
    await service.give(order_id, amount, role="admin")
    await refunded(service, order_id, amount)
    service.provider.by += DAYS
    await service.until(order_id, lambda one: "attention" in one)
    return order_id


async def given_back(service: World, order_id: str) -> list[tuple[int, str]]:
    return [(amount, status) for kind, amount, status in await service.books(order_id) if kind == "refund"]


async def differences(service: World, order_id: str) -> list[dict[str, Any]]:
    """What today's settlement finds about the order."""
    today = datetime.now(UTC).date().isoformat()
    settled = await service.get("ops", f"/v1/settlements/{today}?provider=sandbox")
    return [one for one in settled["differences"] if one["order_id"] == order_id]


async def unsent(service: World, order_id: str) -> str:
    """The notice about an order that waits at the provider, as soon as there is one."""
    waiting = text("SELECT body FROM psp.notices WHERE body::json ->> 'subject' = :order")
    async with asyncio.timeout(30):
        while True:
            async with service.database() as connection:
                body = (await connection.execute(waiting, {"order": order_id})).scalar()
            if body is not None:
                return str(body)
            await asyncio.sleep(0.1)


async def payments(service: World, order_id: str) -> dict[str, Any]:
    return await service.get("ops", f"/v1/orders/{order_id}/payments")


async def test_it_is_owed_again_and_a_person_is_asked(service: World) -> None:
    order_id = await came_back(service, 700)

    order = await service.order(order_id)

    assert (order["attention"]["reason"], order["payment_status"]) == ("refund_failed", "captured")
    assert (order["totals"]["refunded"], order["totals"]["refund_due"]) == (0, 700)
    (shown,) = await service.refunds(order_id)
    assert (shown["status"], shown["paid"]) == ("owed", 0)
    money = await payments(service, order_id)
    assert (money["balances"]["refunded"], money["balances"]["refunds_payable"]) == (0, 700)
    assert [one["status"] for one in money["effects"] if one["kind"] == "refund"] == ["failed"]
    events = [one for one in await service.events(order_id) if one["type"] == "payment.refund_failed"]
    assert [(one["data"]["amount"], one["data"]["code"]) for one in events] == [(700, "refund_came_back")]


async def test_a_person_has_it_tried_again(service: World) -> None:
    order_id = await came_back(service, 2500)

    await service.attend(order_id, "retry")

    order = await service.paid(order_id, "refunded")
    assert order["totals"]["refunded"] == 2500
    assert await given_back(service, order_id) == [(2500, "failed"), (2500, "succeeded")]
    assert [one["status"] for one in await service.refunds(order_id)] == ["paid"]


async def test_after_the_close_a_person_pays_otherwise_and_writes_it_off(service: World) -> None:
    order_id = await came_back(service, 700, close=True)
    assert (await service.order(order_id))["status"] == "completed"

    await service.attend(order_id, "skip")

    order = await service.order(order_id)
    assert (order["status"], order["payment_status"]) == ("completed", "captured")
    assert (order["totals"]["refund_due"], order["totals"]["refunded"]) == (0, 0)
    await service.env.client.get_workflow_handle(f"adjustment:{order_id}").result()
    assert await given_back(service, order_id) == [(700, "failed")]


async def test_only_the_part_that_came_back_is_owed_again(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=2), 2), token="tok_refund_comes_back")
    for amount, so_far in ((300, 300), (200, 500)):
        await service.give(order_id, amount)
        await refunded(service, order_id, so_far)

    service.provider.by += DAYS

    order = await service.until(order_id, lambda one: "attention" in one)
    assert (order["totals"]["refunded"], order["payment_status"]) == (200, "partially_refunded")
    await service.attend(order_id, "retry")
    await refunded(service, order_id, 500)
    assert await given_back(service, order_id) == [(300, "failed"), (200, "succeeded"), (300, "succeeded")]


async def test_both_sides_of_the_settlement_know_it(service: World) -> None:
    order_id = await came_back(service, 400)

    assert await differences(service, order_id) == []


async def test_the_settlement_names_one_until_its_notice_arrives(elsewhere: World) -> None:
    order_id = await delivered(elsewhere, (await elsewhere.sku(north=2), 2), token="tok_refund_comes_back")
    await elsewhere.give(order_id, 400)
    await refunded(elsewhere, order_id, 400)

    elsewhere.provider.by += DAYS
    notice = await unsent(elsewhere, order_id)

    (difference,) = await differences(elsewhere, order_id)
    assert (difference["kind"], difference["key"]) == ("other_status", f"{order_id}:refund:1")
    assert [await told(elsewhere, notice) for _ in range(2)] == ["applied", "duplicate"]
    assert await differences(elsewhere, order_id) == []
    assert (await elsewhere.order(order_id))["attention"]["reason"] == "refund_failed"
