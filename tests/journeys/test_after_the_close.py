"""Money that becomes due when an order has closed: a process of its own settles it, the order stays so."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from adapters.db.tables import outbox
from tests.journeys.test_races import ask, in_parallel
from tests.journeys.test_reconciler import reconciled
from tests.returning import delivered, inspect, ledger, receive, refunded
from tests.world import World, at, quantities

AHEAD: Final = timedelta(days=-40)
"""Of the reconciler's clock: the orders' own was skipped ahead."""


async def closed(service: World, units: int = 2, **changes: Any) -> str:
    """An order that arrived, was paid for and has closed."""
    order_id = await delivered(service, (await service.sku(north=units), units), **changes)
    await service.close(order_id)
    return order_id


def adjustment(service: World, order_id: str) -> WorkflowHandle[Any, Any]:
    """The process that settles what became due after the close."""
    return service.env.client.get_workflow_handle(f"adjustment:{order_id}")


async def sent_home(service: World) -> tuple[str, str]:
    """A closed order of one unit whose parcel came back to its sender after all; and its return."""
    order_id = await service.place((await service.sku(north=1), 1))
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.scan(number, "delivered")
    await service.paid(order_id)
    await service.close(order_id)
    await service.scan(number, "returned_to_sender")
    order = await service.order(order_id)
    return order_id, order["returns"][0]["id"]


async def test_what_is_given_after_the_close_is_paid_as_often_as_it_is_given(service: World) -> None:
    order_id = await closed(service)
    at_close = (await service.order(order_id))["closed_at"]

    await service.give(order_id, 400)
    await refunded(service, order_id, 400)
    await adjustment(service, order_id).result()
    await service.give(order_id, 300, to_store_credit=100)
    order = await refunded(service, order_id, 600)
    await adjustment(service, order_id).result()

    assert (order["status"], order["payment_status"]) == ("completed", "partially_refunded")
    assert (order["closed_at"], order["totals"]["store_credit"]) == (at_close, 100)
    assert (await service.books(order_id))[2:] == [("refund", 400, "succeeded"), ("refund", 200, "succeeded")]
    late = [one for one in await service.events(order_id) if one["data"].get("late")]
    assert [one["type"] for one in late] == [
        "refund.owed", "payment.refunded", "refund.owed", "store_credit.issued", "payment.refunded",
    ]  # fmt: skip
    assert [one["status"] for one in await service.refunds(order_id)] == ["paid", "paid"]


async def test_all_of_a_closed_order_can_be_given_back(service: World) -> None:
    order_id = await closed(service, token="tok_timeout_once")

    await service.give(order_id, 2500)

    order = await service.paid(order_id, "refunded")
    assert (order["status"], quantities(order)) == ("completed", {"delivered": 2})
    assert await ledger(service, order_id) == [("authorize", 2500), ("capture", 2500), ("refund", 2500)]
    await service.give(order_id, 1, status=409)


async def test_refunds_raced_after_the_close_are_paid_to_the_unit(service: World) -> None:
    order_id = await closed(service)
    body = {"amount": 90, "reason": "raced"}

    answers = await in_parallel([ask(service, f"/v1/orders/{order_id}/refunds", body) for _ in range(50)], 50)

    assert Counter(one.status_code for one in answers) == {201: 27, 409: 23}
    await refunded(service, order_id, 27 * 90)
    books = await service.books(order_id)
    assert sum(amount for kind, amount, _ in books if kind == "refund") == 27 * 90
    await adjustment(service, order_id).result()


async def test_a_refund_that_is_refused_after_the_close_is_written_off_by_a_person(service: World) -> None:
    order_id = await closed(service, token="tok_refund_fails")
    await service.give(order_id, 500)
    order = await service.until(order_id, lambda one: "attention" in one)
    assert (order["status"], order["attention"]["reason"]) == ("completed", "refund_refused")
    listed = (await service.get("ops", "/v1/attention?reason=refund_refused&limit=200"))["data"]
    assert order_id in [one["order_id"] for one in listed]

    order = await service.attend(order_id, "skip")

    assert (order["totals"]["refund_due"], order["totals"]["refunded"]) == (0, 0)
    assert (order["status"], order["payment_status"]) == ("completed", "captured")
    await adjustment(service, order_id).result()
    (shown,) = await service.refunds(order_id)
    assert (shown["status"], shown["written_off"]) == ("written_off", 500)
    assert [status for kind, _, status in await service.books(order_id) if kind == "refund"] == ["failed"]


async def test_a_refund_that_is_refused_after_the_close_is_asked_for_again(service: World) -> None:
    order_id = await closed(service, token="tok_refund_fails")
    await service.give(order_id, 500)
    await service.until(order_id, lambda one: "attention" in one)
    await service.give(order_id, 100)

    await service.attend(order_id, "retry")

    await refunded(service, order_id, 600)
    await adjustment(service, order_id).result()
    refunds = [(amount, status) for kind, amount, status in await service.books(order_id) if kind == "refund"]
    assert refunds == [(500, "failed"), (600, "succeeded")]


async def test_a_refund_that_is_confirmed_later_is_waited_for_after_the_close(service: World) -> None:
    order_id = await closed(service, token="tok_refund_pending")

    await service.give(order_id, 500)

    order = await refunded(service, order_id, 500)
    assert order["status"] == "completed"
    await adjustment(service, order_id).result()
    assert "payment.refund_pending" in await service.history(order_id)


async def test_a_refund_that_fails_later_asks_a_person_after_the_close(service: World) -> None:
    order_id = await closed(service, token="tok_refund_fails_later")
    await service.give(order_id, 500)

    order = await service.until(order_id, lambda one: "attention" in one)

    assert (order["attention"]["reason"], order["totals"]["refunded"]) == ("refund_refused", 0)
    await service.attend(order_id, "skip")
    await adjustment(service, order_id).result()


async def test_what_comes_back_after_the_close_is_paid_back_when_a_person_says_so(service: World) -> None:
    order_id, name = await sent_home(service)
    order = await service.order(order_id)
    assert (order["status"], order["attention"]["reason"]) == ("returned", "undelivered_after_close")
    await service.attend(order_id, "cancel", status=409)

    await service.attend(order_id, "retry")

    order = await refunded(service, order_id, 1000)
    assert (order["status"], order["payment_status"]) == ("returned", "partially_refunded")
    (shown,) = await service.refunds(order_id)
    assert (shown["kind"], shown["reason"]) == ("undelivered", "returned_to_sender")
    await service.attend(order_id, "retry", status=409)
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "restock"))
    await adjustment(service, order_id).result()
    assert [kind for kind, _, _ in await service.books(order_id)] == ["authorize", "capture", "refund"]


async def test_what_comes_back_after_the_close_stays_unpaid_when_a_person_says_so(service: World) -> None:
    order_id, _ = await sent_home(service)

    order = await service.attend(order_id, "skip")

    assert (order["status"], order["payment_status"]) == ("returned", "captured")
    assert "attention" not in order
    assert await service.refunds(order_id) == []


async def test_what_was_given_before_is_not_paid_back_again_after_the_close(service: World) -> None:
    order_id, _ = await sent_home(service)
    await service.give(order_id, 1200)

    await service.attend(order_id, "retry")

    order = await refunded(service, order_id, 1500)
    assert order["payment_status"] == "refunded"
    told = [one for one in await service.refunds(order_id) if one["kind"] == "undelivered"]
    assert [(one["amount"], one["adjustments"][0]["amount"]) for one in told] == [(300, -700)]


async def test_a_refund_whose_message_was_lost_is_paid_by_the_reconciler(service: World) -> None:
    order_id = await closed(service)
    await service.crew.leave()
    try:
        await service.give(order_id, 700)
        async with service.database() as connection:
            await connection.execute(delete(outbox).where(outbox.c.order_id == order_id))
    finally:
        await service.crew.relieve(pause=0)

    assert await reconciled(service, every=AHEAD) >= 1

    await refunded(service, order_id, 700)
    await adjustment(service, order_id).result()


async def test_a_process_that_ended_before_its_time_is_begun_anew(service: World) -> None:
    order_id = await closed(service, token="tok_refund_fails")
    await service.give(order_id, 500)
    await service.until(order_id, lambda one: "attention" in one)
    await adjustment(service, order_id).terminate("by mistake")

    assert await reconciled(service, every=AHEAD) >= 1

    seen = await adjustment(service, order_id).describe()
    assert seen.status is WorkflowExecutionStatus.RUNNING
    await service.attend(order_id, "retry")
    await refunded(service, order_id, 500)
    await asyncio.wait_for(adjustment(service, order_id).result(), timedelta(seconds=30).total_seconds())
