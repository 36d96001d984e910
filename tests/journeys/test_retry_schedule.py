"""After a no: by the provider's advice and by schedule, and the history says when it is tried next."""

from datetime import datetime, timedelta
from typing import Any

from domain.ids import effect_key
from tests.journeys.test_notices import decided, told
from tests.world import World


async def declines(service: World, order_id: str) -> list[dict[str, Any]]:
    """What the history tells of each no."""
    events = await service.events(order_id)
    return [one for one in events if one["type"] == "payment.authorize_declined"]


def pause(decline: dict[str, Any]) -> timedelta:
    """How long after a no it is tried again."""
    told_at = datetime.fromisoformat(decline["at"])
    return datetime.fromisoformat(decline["data"]["tried_again_at"]) - told_at


async def test_a_soft_no_is_tried_again_by_schedule(elsewhere: World) -> None:
    sku = await elsewhere.sku(north=1)
    order_id = await elsewhere.place((sku, 1), token="tok_try_later")
    await elsewhere.told(order_id, "payment.authorize_declined")

    await elsewhere.skip(order_id, timedelta(minutes=2))
    await elsewhere.until_books(order_id, 2)
    await elsewhere.skip(order_id, timedelta(hours=5))
    assert (await elsewhere.order(order_id))["status"] == "payment_pending"
    await elsewhere.skip(order_id, timedelta(hours=2))

    await elsewhere.until(order_id, "in_fulfillment")
    first, second = await declines(elsewhere, order_id)
    assert (pause(first), pause(second)) == (timedelta(minutes=1), timedelta(hours=6))
    assert first["data"]["advice"] == "try_later"
    assert [status for _, _, status in await elsewhere.books(order_id)] == [
        "declined",
        "declined",
        "succeeded",
    ]


async def test_what_is_never_to_be_tried_again_is_not(elsewhere: World) -> None:
    sku = await elsewhere.sku(north=1)
    order_id = await elsewhere.place((sku, 1), token="tok_never_again")

    await elsewhere.told(order_id, "payment.another_needed")

    (decline,) = await declines(elsewhere, order_id)
    assert decline["data"]["advice"] == "never_again"
    assert "tried_again_at" not in decline["data"]
    assert (await elsewhere.order(order_id))["payment_status"] == "declined"
    await elsewhere.bring(order_id, "tok_ok")
    await elsewhere.until(order_id, "in_fulfillment")


async def test_who_should_pay_in_another_way_is_asked_at_once(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_3ds")
    await service.paid(order_id, "action_required")
    notice = decided(effect_key(order_id, "authorize", 1), order_id, status="declined")
    notice["data"]["answer"] = {"code": "limit_reached", "hard": False, "advice": "another_method"}

    assert await told(service, notice) == "applied"

    order = await service.order(order_id)
    assert order["payment_status"] == "declined"
    (decline,) = await declines(service, order_id)
    assert decline["data"]["advice"] == "another_method"
    assert "payment.another_needed" in await service.history(order_id)


async def test_a_customer_whose_payment_fails_softly_is_not_asked_to_confirm_the_old_one(
    service: World,
) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_3ds")
    await service.paid(order_id, "action_required")
    notice = decided(effect_key(order_id, "authorize", 1), order_id, status="declined")
    notice["data"]["answer"] = {"code": "insufficient_funds", "hard": False}

    assert await told(service, notice) == "applied"

    order = await service.order(order_id)
    assert (order["payment_status"], order.get("payment_action")) == ("pending", None)
    await service.skip(order_id, timedelta(minutes=2))
    order = await service.paid(order_id, "action_required")
    assert order["payment_action"]["url"]
