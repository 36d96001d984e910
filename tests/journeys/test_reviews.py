"""A payment in review waits for its reviewer: released, rejected, not answered in time, or called off."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from tests.world import World, at

SET_ASIDE = ("authorize", 1500, "succeeded")
LET_GO = ("void", 1500, "succeeded")
TAKEN = ("capture", 1500, "succeeded")


async def answer(
    service: World, order_id: str, decision: str, status: int | None = 200, *, role: str = "ops"
) -> dict[str, Any]:
    body = {"decision": decision, "reason": "looked at it"}
    return await service.post(role, f"/v1/orders/{order_id}/review", body, status=status)


async def asked(service: World) -> tuple[str, str]:
    """An order in review; its id and the SKU of its only unit."""
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    await service.until(order_id, "on_hold")
    return order_id, sku


async def test_a_review_is_decided_with_its_reasons_and_an_end(service: World) -> None:
    order_id, sku = await asked(service)

    order = await service.order(order_id)

    assert order["payment_status"] == "review"
    (hold,) = order["holds"]
    assert (hold["type"], hold["blocks"]) == ("review", ["capture", "release", "routing"])
    placed_at, expires_at = (datetime.fromisoformat(hold[name]) for name in ("placed_at", "expires_at"))
    assert expires_at - placed_at == timedelta(hours=72)
    (decided,) = [one for one in await service.events(order_id) if one["type"] == "risk.review"]
    assert decided["data"] == {
        "rule": "the provider asks for a review", "risk": "review", "avs": "passed", "cvc": "passed",
        "three_d_secure": "not_made", "amount": 1500, "currency": "USD", "orders_of_customer": None,
        "orders_to_address": None,
    }  # fmt: skip
    assert await service.level("north", sku) == (1, 0)
    await service.cancel(order_id)


async def test_a_released_order_goes_on_and_is_paid_for(service: World) -> None:
    order_id, sku = await asked(service)

    await answer(service, order_id, "release")

    order = await service.until(order_id, "in_fulfillment")
    assert (order["payment_status"], order["holds"]) == ("authorized", [])
    await answer(service, order_id, "release", 409)
    await answer(service, order_id, "reject", 409)
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    assert await service.books(order_id) == [SET_ASIDE, TAKEN]
    assert await service.level("north", sku) == (0, 0)
    history = {one["type"]: one for one in await service.events(order_id)}
    assert history["review.released"]["actor"] == "ops:test-ops"
    assert history["review.released"]["data"] == {"reason": "looked at it"}
    assert "hold.lifted" in history


async def test_a_rejected_order_is_cancelled_and_its_money_let_go(service: World) -> None:
    order_id, sku = await asked(service)

    order = await answer(service, order_id, "reject")

    assert order["status"] == "cancelled"
    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [SET_ASIDE, LET_GO]
    assert await service.level("north", sku) == (1, 0)
    assert await service.history(order_id) == [
        "order.placed",
        "payment.authorized",
        "risk.review",
        "hold.placed",
        "review.rejected",
        "order.cancelled",
        "hold.ended",
        "payment.voided",
        "order.closed",
    ]
    await answer(service, order_id, "reject", 409)


async def test_a_review_that_nobody_answers_ends_as_a_rejection(service: World) -> None:
    order_id, sku = await asked(service)
    await service.skip(order_id, timedelta(hours=71))
    assert (await service.order(order_id))["status"] == "on_hold"

    await service.skip(order_id, timedelta(hours=1, minutes=1))

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [SET_ASIDE, LET_GO]
    assert await service.level("north", sku) == (1, 0)
    events = {one["type"]: one["data"] for one in await service.events(order_id)}
    assert events["review.expired"] == {"then": "reject"}
    assert events["order.cancelled"]["reason"] == "review_expired"


async def test_an_order_cancelled_in_review_needs_no_answer_any_more(service: World) -> None:
    order_id, sku = await asked(service)

    await service.cancel(order_id)

    await answer(service, order_id, "release", 409)
    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [SET_ASIDE, LET_GO]
    assert await service.level("north", sku) == (1, 0)


async def test_of_a_cancel_and_a_release_that_race_both_answers_stay_true(service: World) -> None:
    raced = [await asked(service) for _ in range(4)]

    async def race(order_id: str) -> bool:
        """Whether the cancel was told yes."""
        answers = await asyncio.gather(
            service.cancel(order_id, status=None),
            answer(service, order_id, "release", None),
            return_exceptions=True,
        )
        return not isinstance(answers[0], BaseException)

    outcomes = await asyncio.gather(*(race(order_id) for order_id, _ in raced))

    assert all(outcomes)
    for order_id, sku in raced:
        order = await service.until(order_id, lambda o: o["closed_at"] is not None)
        assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
        assert await service.books(order_id) == [SET_ASIDE, LET_GO]
        assert await service.level("north", sku) == (1, 0)


async def test_who_may_not_command_may_not_review_and_what_is_not_asked_is_refused(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")

    await answer(service, order_id, "release", 403, role="storefront")
    refused = await answer(service, order_id, "reject", 409)
    await answer(service, order_id, "maybe", 422)
    await answer(service, "ord_of_nobody", "release", 404)

    assert "payment_status is authorized" in refused["detail"]
    await service.cancel(order_id)


async def test_an_order_that_costs_more_since_is_not_released_before_all_is_set_aside(service: World) -> None:
    order_id, sku = await asked(service)
    await service.receive("north", sku, 1)
    more = {"reason": "one more", "lines": [{"line_id": "1", "quantity": 2}]}
    path = f"/v1/orders/{order_id}/changes"
    change = await service.post("storefront", path, more, status=201)
    await service.crew.leave()
    try:
        await service.post("storefront", f"{path}/{change['id']}/confirm", None)

        order = await answer(service, order_id, "release")

        assert order["payment_status"] == "pending"
    finally:
        service.crew.come_back()
    await service.paid(order_id, "review")  # the provider asks again for what was added
    await answer(service, order_id, "release")
    await service.until(order_id, "in_fulfillment")
    await service.deliver(order_id)
    order = await service.paid(order_id)
    assert order["totals"]["captured"] == 2500
