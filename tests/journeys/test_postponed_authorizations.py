"""Where the policy wants it, no money is set aside while nothing of an order can ship for a week and more."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.test_inbound import announce, receive
from tests.passages import ARRIVED, AUTHORIZED, SENT
from tests.world import World, at, quantities

WEEK, DAY = timedelta(days=7), timedelta(days=1)
NOBODY_KNOWS = {"expected_at": None, "until": None}


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def waits(service: World, sku: str, quantity: int = 1, **changes: Any) -> str:
    """An order that waits for stock, and for which no money is set aside."""
    order_id = await service.place((sku, quantity), **changes)
    order = await service.until(order_id, "awaiting_stock")
    assert (order["payment_status"], order["totals"]["authorized"]) == ("none", 0)
    assert await service.books(order_id) == []
    return order_id


async def told(service: World, order_id: str, event: str) -> list[dict[str, Any]]:
    """What the history tells of all events of a kind."""
    return [one["data"] for one in await service.events(order_id) if one["type"] == event]


def until(postponed: dict[str, Any]) -> timedelta:
    """How long before its supply the money is asked for."""
    return datetime.fromisoformat(postponed["expected_at"]) - datetime.fromisoformat(postponed["until"])


async def test_money_is_set_aside_once_when_supply_is_near(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    supply = await announce(elsewhere, sku, 2, in_days(30))
    order_id = await waits(elsewhere, sku, 2)
    await elsewhere.skip(order_id, timedelta(days=22))
    assert (await elsewhere.order(order_id))["payment_status"] == "none"
    assert await elsewhere.books(order_id) == []

    await elsewhere.skip(order_id, timedelta(days=2))

    order = await elsewhere.paid(order_id, "authorized")
    assert order["status"] == "awaiting_stock"
    assert await elsewhere.books(order_id) == [("authorize", 2500, "succeeded")]
    await receive(elsewhere, supply["id"], 2)
    await elsewhere.until(order_id, "in_fulfillment")
    await elsewhere.ship(at(await elsewhere.order(order_id), "north")["id"])
    await elsewhere.paid(order_id)
    work = at(await elsewhere.order(order_id), "north")
    await elsewhere.scan(work["tracking_number"], "delivered")
    await elsewhere.close(order_id)
    assert await elsewhere.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "succeeded"),
    ]
    (postponed,) = await told(elsewhere, order_id, "payment.postponed")
    assert until(postponed) == WEEK
    assert await told(elsewhere, order_id, "payment.asked_for") == [{"reason": "supply_near"}]
    assert await elsewhere.history(order_id) == [
        "order.placed",
        "payment.postponed",
        "lines.backordered",
        "payment.asked_for",
        *AUTHORIZED,
        "line.supplied",
        "fulfillment.created",
        *SENT,
        *ARRIVED,
        "order.closed",
    ]


async def test_stock_that_comes_by_surprise_is_paid_for_before_a_location_sees_the_order(
    elsewhere: World,
) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku)
    assert await told(elsewhere, order_id, "payment.postponed") == [NOBODY_KNOWS]

    await elsewhere.receive("south", sku, 1)

    order = await elsewhere.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    assert await told(elsewhere, order_id, "payment.asked_for") == [{"reason": "stock_found"}]
    assert await elsewhere.history(order_id) == [
        "order.placed",
        "payment.postponed",
        "lines.backordered",
        "line.supplied",
        "payment.asked_for",
        *AUTHORIZED,
        "fulfillment.created",
    ]
    await elsewhere.ship(at(order, "south")["id"])
    await elsewhere.paid(order_id)


async def test_work_that_was_found_without_the_queue_is_released_when_it_is_paid_for(
    elsewhere: World,
) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku)
    hold = await elsewhere.hold(order_id, "routing")
    await elsewhere.reroute(order_id)
    await elsewhere.receive("north", sku, 1)
    assert quantities(await elsewhere.order(order_id)) == {"pending": 1}
    assert await elsewhere.books(order_id) == []

    await elsewhere.lift(order_id, hold["id"])

    order = await elsewhere.until(order_id, lambda o: o["payment_status"] == "authorized")
    assert at(order, "north")["status"] == "open"
    history = await elsewhere.history(order_id)
    paid = history.index("payment.authorized")
    assert history.index("fulfillment.created") < paid < history.index("fulfillment.released")
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(order_id)


async def test_an_order_with_something_near_is_paid_for_at_once(elsewhere: World) -> None:
    there, near, far = await elsewhere.sku(east=1), await elsewhere.sku(), await elsewhere.sku()
    await announce(elsewhere, near, 1, in_days(6))
    await announce(elsewhere, far, 1, in_days(8))

    orders = [
        await elsewhere.place((there, 1), (far, 1)),
        await elsewhere.place((near, 2), (far, 1)),
    ]

    for order_id in orders:
        await elsewhere.paid(order_id, "authorized")
        assert await told(elsewhere, order_id, "payment.postponed") == []


async def test_supply_that_goes_to_others_is_not_near(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    first = await elsewhere.place((sku, 2))
    await elsewhere.until(first, "awaiting_stock")
    await announce(elsewhere, sku, 2, in_days(5))
    await announce(elsewhere, sku, 2, in_days(40))
    await elsewhere.paid(first, "authorized")

    second = await waits(elsewhere, sku)

    (postponed,) = await told(elsewhere, second, "payment.postponed")
    assert until(postponed) == WEEK
    await elsewhere.skip(second, timedelta(days=32))
    assert await elsewhere.books(second) == []
    await elsewhere.skip(second, timedelta(days=2))
    await elsewhere.paid(second, "authorized")


async def test_news_of_supply_move_the_day_on_which_money_is_asked_for(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku)
    supply = await announce(elsewhere, sku, 1, in_days(20))
    path = f"/v1/inventory/inbound/{supply['id']}"

    await elsewhere.put("ops", path, {"quantity": 1, "expected_at": in_days(60)})
    await elsewhere.skip(order_id, timedelta(days=14))
    await elsewhere.until(order_id, lambda o: o["payment_status"] == "none")
    await elsewhere.put("ops", path, {"quantity": 1, "expected_at": in_days(30)})
    await elsewhere.skip(order_id, timedelta(days=8))
    assert await elsewhere.books(order_id) == []
    await elsewhere.skip(order_id, timedelta(days=2))

    await elsewhere.paid(order_id, "authorized")
    postponed = await told(elsewhere, order_id, "payment.postponed")
    assert postponed[0] == NOBODY_KNOWS
    assert [until(one) for one in postponed[1:]] == [WEEK] * 3
    assert await elsewhere.books(order_id) == [("authorize", 1500, "succeeded")]


async def test_supply_that_is_called_off_leaves_nobody_knowing_when(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    supply = await announce(elsewhere, sku, 1, in_days(9))
    order_id = await waits(elsewhere, sku)
    await elsewhere.post("ops", f"/v1/inventory/inbound/{supply['id']}/cancel")

    await elsewhere.skip(order_id, timedelta(days=12))

    await elsewhere.until(order_id, "awaiting_stock")
    first, last = await told(elsewhere, order_id, "payment.postponed")
    assert (until(first), last) == (WEEK, NOBODY_KNOWS)
    assert await elsewhere.books(order_id) == []
    await announce(elsewhere, sku, 1, in_days(9))
    await elsewhere.paid(order_id, "authorized")


async def test_an_order_that_a_person_routes_is_paid_for_at_once(elsewhere: World) -> None:
    order_id = await elsewhere.place((await elsewhere.sku(), 1), routing="manual")

    await elsewhere.paid(order_id, "authorized")
