"""3-D Secure: the customer confirms first, in time or not, and money that comes too late is let go."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from domain.ids import effect_key
from tests.journeys.test_notices import decided, told
from tests.world import World, at


async def asked(service: World, units: int = 1, **changes: Any) -> str:
    """An order whose customer has to confirm."""
    sku = await service.sku(north=units)
    order_id = await service.place((sku, units), token="tok_3ds", **changes)
    await service.paid(order_id, "action_required")
    return order_id


async def confirm(service: World, order_id: str, outcome: str = "passed") -> None:
    """The customer goes where the order says."""
    url = (await service.order(order_id))["payment_action"]["url"]
    await answer_at(url, outcome)


async def answer_at(url: str, outcome: str = "passed") -> None:
    """The customer answers the provider."""
    async with httpx.AsyncClient() as http:
        await http.post(url, json={"outcome": outcome})


async def test_an_order_waits_for_its_customer_and_goes_on_when_they_confirm(service: World) -> None:
    order_id = await asked(service)
    order = await service.order(order_id)
    assert order["status"] == "payment_pending"
    assert order["payment_action"]["url"].startswith("http")
    assert order["fulfillments"] == []

    await confirm(service, order_id)

    order = await service.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    assert "payment_action" not in order
    await service.deliver(order_id)
    await service.close(order_id)
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert (await service.history(order_id))[:4] == [
        "order.placed",
        "payment.action_required",
        "payment.authorized",
        "risk.accepted",
    ]


async def test_a_customer_who_fails_may_bring_another_token(service: World) -> None:
    order_id = await asked(service)

    await confirm(service, order_id, "failed")

    order = await service.until(order_id, lambda o: o["payment_status"] == "declined")
    assert order["status"] == "payment_pending"
    assert "payment_action" not in order
    await service.bring(order_id, "tok_ok")
    await service.until(order_id, "in_fulfillment")
    assert await service.books(order_id) == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
    ]


async def test_another_token_ends_the_wait_and_calls_the_first_payment_off(service: World) -> None:
    order_id = await asked(service)
    url = (await service.order(order_id))["payment_action"]["url"]

    await service.bring(order_id, "tok_ok")

    await service.until(order_id, "in_fulfillment")
    await answer_at(url)
    assert [one for one in await service.books(order_id) if one[0] == "authorize"] == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
    ]
    order = await service.order(order_id)
    assert (order["payment_status"], order["totals"]["authorized"]) == ("authorized", 1500)
    assert "payment.abandoned" in await service.history(order_id)


async def test_nobody_confirms_and_the_order_is_cancelled_when_the_time_is_over(service: World) -> None:
    order_id = await asked(service)
    url = (await service.order(order_id))["payment_action"]["url"]
    sku = (await service.order(order_id))["lines"][0]["sku"]

    await service.skip(order_id, timedelta(hours=47))
    assert (await service.order(order_id))["status"] == "payment_pending"
    await service.skip(order_id, timedelta(hours=2))

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "declined")
    assert "payment_action" not in order
    await answer_at(url)
    assert await service.books(order_id) == [("authorize", 1500, "declined")]
    assert await service.level("north", sku) == (1, 0)
    assert await service.history(order_id) == [
        "order.placed",
        "payment.action_required",
        "payment.abandoned",
        "order.cancelled",
        "order.closed",
    ]


async def test_a_cancelled_order_calls_the_payment_off(service: World) -> None:
    order_id = await asked(service)

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [("authorize", 1500, "declined")]


async def test_a_customer_who_confirms_while_the_order_is_cancelled_pays_nothing(service: World) -> None:
    orders = [await asked(service) for _ in range(5)]

    await asyncio.gather(
        *(confirm(service, order_id) for order_id in orders), *(service.cancel(one) for one in orders)
    )

    for order_id in orders:
        order = await service.until(order_id, lambda o: o["closed_at"] is not None)
        assert (order["status"], order["totals"]["captured"]) == ("cancelled", 0)
        books = await service.books(order_id)
        held = sum(
            {"authorize": 1, "void": -1}[kind] * amount
            for kind, amount, status in books
            if status == "succeeded"
        )
        assert held == 0, books
        assert order["totals"]["authorized"] in {0, 1500}


async def test_a_yes_that_comes_after_all_is_entered_and_let_go(service: World) -> None:
    """The provider says yes to what it was told to void: the money is not lost, and not kept."""
    order_id = await asked(service)
    url = (await service.order(order_id))["payment_action"]["url"]
    await service.crew.leave()

    await service.bring(order_id, "tok_ok")
    await answer_at(url)
    await service.until_books(order_id, 1)
    service.crew.come_back()

    await service.until(order_id, "in_fulfillment")
    await service.deliver(order_id)
    order = await service.close(order_id)
    assert (order["payment_status"], order["totals"]["captured"]) == ("captured", 1500)
    assert await service.books(order_id) == [
        ("authorize", 1500, "succeeded"),
        ("void", 1500, "succeeded"),
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]


async def test_a_no_by_notice_starts_the_grace(service: World) -> None:
    order_id = await asked(service)

    notice = decided(effect_key(order_id, "authorize", 1), order_id, status="declined")
    assert await told(service, notice) == "applied"

    await service.told(order_id, "payment.another_needed")
    await service.skip(order_id, timedelta(hours=49))
    await service.until(order_id, "cancelled")


async def test_work_is_asked_for_only_when_the_customer_has_confirmed(service: World) -> None:
    order_id = await asked(service, units=2)
    sku = (await service.order(order_id))["lines"][0]["sku"]
    assert await service.level("north", sku) == (2, 0)

    await confirm(service, order_id)

    order = await service.until(order_id, "in_fulfillment")
    assert at(order, "north")["status"] == "open"
    assert await service.level("north", sku) == (2, 2)
