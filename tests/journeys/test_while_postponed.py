"""What may happen to an order while no money is set aside for it yet, and when it then is asked for."""

import asyncio
from datetime import timedelta

from tests.journeys.test_changes import DENVER, answer, draft
from tests.journeys.test_inbound import announce, receive
from tests.journeys.test_payment_actions import confirm
from tests.journeys.test_postponed_authorizations import in_days, told, waits
from tests.world import World, at, quantities


async def test_after_a_decline_another_token_pays_within_the_grace(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    supply = await announce(elsewhere, sku, 1, in_days(20))
    order_id = await waits(elsewhere, sku, token="tok_declined")
    await elsewhere.bring(order_id, "tok_ok", status=409)
    await elsewhere.skip(order_id, timedelta(days=14))
    await elsewhere.told(order_id, "payment.another_needed")
    order = await elsewhere.order(order_id)
    assert (order["status"], order["payment_status"]) == ("payment_pending", "declined")

    await elsewhere.bring(order_id, "tok_ok")

    await elsewhere.until(order_id, "awaiting_stock")
    await receive(elsewhere, supply["id"], 1)
    order = await elsewhere.until(order_id, "in_fulfillment")
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(order_id)
    assert await elsewhere.books(order_id) == [
        ("authorize", 1500, "declined"),
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]


async def test_a_soft_decline_is_tried_again_by_schedule(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku, token="tok_insufficient_then_ok")
    await elsewhere.receive("north", sku, 1)
    await elsewhere.told(order_id, "payment.authorize_declined")
    assert (await elsewhere.order(order_id))["fulfillments"] == []

    await elsewhere.skip(order_id, timedelta(minutes=2))

    await elsewhere.until(order_id, "in_fulfillment")


async def test_whoever_does_not_pay_in_time_gives_the_stock_to_the_next(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    first = await waits(elsewhere, sku, token="tok_declined")
    second = await waits(elsewhere, sku)
    await elsewhere.receive("north", sku, 1)
    await elsewhere.told(first, "payment.another_needed")
    assert quantities(await elsewhere.order(first)) == {"pending": 1}
    assert await elsewhere.books(second) == []

    await elsewhere.skip(first, timedelta(hours=49))

    order = await elsewhere.until(first, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "declined")
    order = await elsewhere.until(second, "in_fulfillment")
    assert await elsewhere.books(second) == [("authorize", 1500, "succeeded")]
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(second)
    assert await elsewhere.level("north", sku) == (0, 0)


async def test_an_order_called_off_meanwhile_was_never_at_the_provider(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    whole, part = await waits(elsewhere, sku), await waits(elsewhere, sku, 3)

    await elsewhere.cancel(whole)
    await elsewhere.cancel(part, ("1", 1))

    order = await elsewhere.until(whole, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "none")
    assert await elsewhere.books(whole) == []
    assert await elsewhere.history(whole) == [
        "order.placed",
        "payment.postponed",
        "lines.backordered",
        "order.cancelled",
        "order.closed",
    ]
    await elsewhere.receive("north", sku, 2)
    order = await elsewhere.until(part, "in_fulfillment")
    assert await elsewhere.books(part) == [("authorize", 2500, "succeeded")]
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(part)


async def test_a_cancel_that_races_the_receipt_leaves_the_books_in_line(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    orders = [await waits(elsewhere, sku) for _ in range(4)]

    await asyncio.gather(
        elsewhere.receive("north", sku, len(orders)), *(elsewhere.cancel(order_id) for order_id in orders)
    )

    for order_id in orders:
        order = await elsewhere.until(order_id, lambda o: o["closed_at"] is not None)
        assert (order["status"], order["totals"]["captured"]) == ("cancelled", 0)
    assert await elsewhere.level("north", sku) == (len(orders), 0)


async def test_a_held_order_is_paid_for_and_its_work_waits(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku)
    hold = await elsewhere.hold(order_id, "release")
    assert (await elsewhere.order(order_id))["status"] == "on_hold"

    await elsewhere.receive("north", sku, 1)

    order = await elsewhere.until(order_id, lambda o: bool(o["fulfillments"]))
    assert (order["payment_status"], at(order, "north")["status"]) == ("authorized", "planned")
    await elsewhere.lift(order_id, hold["id"])
    order = await elsewhere.until(order_id, "in_fulfillment")
    assert at(order, "north")["status"] == "open"


async def test_a_changed_order_is_asked_for_what_it_then_costs(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    supply = await announce(elsewhere, sku, 9, in_days(20))
    order_id = await waits(elsewhere, sku, 3)

    for quantity in (1, 4):
        change = await draft(elsewhere, order_id, lines=[{"line_id": "1", "quantity": quantity}])
        await answer(elsewhere, order_id, change, "confirm")
        await elsewhere.until(order_id, "awaiting_stock")
    change = await draft(elsewhere, order_id, ship_to=DENVER)
    await answer(elsewhere, order_id, change, "confirm")

    await elsewhere.until(order_id, "awaiting_stock")
    assert await elsewhere.books(order_id) == []
    await receive(elsewhere, supply["id"], 9)
    order = await elsewhere.until(order_id, "in_fulfillment")
    assert sum(line["quantities"]["allocated"] for line in order["lines"]) == 4
    assert await elsewhere.books(order_id) == [("authorize", 4500, "succeeded")]
    await elsewhere.deliver(order_id)
    await elsewhere.paid(order_id)


async def test_a_new_line_that_can_ship_at_once_is_paid_for_with_all_the_others(elsewhere: World) -> None:
    far, there = await elsewhere.sku(), await elsewhere.sku(north=1)
    order_id = await waits(elsewhere, far)

    change = await draft(elsewhere, order_id, add=[{"sku": there, "quantity": 1, "unit_price": 700}])
    await answer(elsewhere, order_id, change, "confirm")

    order = await elsewhere.until(order_id, lambda o: o["payment_status"] == "authorized")
    assert at(order, "north")["status"] == "open"
    assert await elsewhere.books(order_id) == [("authorize", 2200, "succeeded")]
    history = await elsewhere.history(order_id)
    assert history.index("payment.authorized") < history.index("fulfillment.released")
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(order_id, "partially_captured")


async def test_a_customer_confirms_when_the_money_is_asked_for(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    supply = await announce(elsewhere, sku, 1, in_days(20))
    order_id = await waits(elsewhere, sku, token="tok_3ds")
    await elsewhere.skip(order_id, timedelta(days=13, minutes=2))
    await elsewhere.paid(order_id, "action_required")
    await receive(elsewhere, supply["id"], 1)
    assert (await elsewhere.order(order_id))["fulfillments"] == []

    await confirm(elsewhere, order_id)
    await elsewhere.skip(order_id, timedelta(minutes=15))

    order = await elsewhere.until(order_id, "in_fulfillment")
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(order_id)
    assert await elsewhere.books(order_id) == [
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]


async def test_a_customer_who_confirms_nothing_gives_the_stock_to_the_next(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    first = await waits(elsewhere, sku, token="tok_3ds")
    second = await waits(elsewhere, sku)
    await elsewhere.receive("north", sku, 1)
    await elsewhere.paid(first, "action_required")

    await elsewhere.skip(first, timedelta(hours=49))

    await elsewhere.until(first, "cancelled")
    await elsewhere.until(second, "in_fulfillment")


async def test_a_reviewer_is_asked_when_the_money_is(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku, token="tok_review")

    await elsewhere.receive("north", sku, 1)

    order = await elsewhere.until(order_id, "on_hold")
    assert (order["payment_status"], order["fulfillments"]) == ("review", [])
    body = {"decision": "release", "reason": "looked at it"}
    await elsewhere.post("ops", f"/v1/orders/{order_id}/review", body)
    await elsewhere.until(order_id, "in_fulfillment")


async def test_an_order_without_a_place_asks_a_person_before_any_money(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    nowhere = {name: value for name, value in DENVER.items() if name not in {"lat", "lng"}}
    order_id = await elsewhere.place((sku, 1), ship_to=nowhere | {"postal_code": "00000"})
    order = await elsewhere.until(order_id, "needs_attention")
    assert (order["attention"]["reason"], order["payment_status"]) == ("address_unplaceable", "none")

    change = await draft(elsewhere, order_id, ship_to=DENVER)
    await answer(elsewhere, order_id, change, "confirm")

    await elsewhere.until(order_id, "awaiting_stock")
    assert await elsewhere.books(order_id) == []
    assert len(await told(elsewhere, order_id, "payment.postponed")) == 1
    await elsewhere.receive("north", sku, 1)
    await elsewhere.until(order_id, "in_fulfillment")
    assert await elsewhere.books(order_id) == [("authorize", 1500, "succeeded")]


async def test_an_order_for_pickup_waits_for_its_own_location_only(elsewhere: World) -> None:
    sku = await elsewhere.sku(south=5)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "north"}
    order_id = await waits(elsewhere, sku, delivery=delivery)
    await announce(elsewhere, sku, 1, in_days(2), location_id="south")
    await announce(elsewhere, sku, 1, in_days(20))

    await elsewhere.skip(order_id, timedelta(days=12))
    assert await elsewhere.books(order_id) == []
    await elsewhere.skip(order_id, timedelta(days=2))

    await elsewhere.paid(order_id, "authorized")


async def test_what_is_supplied_while_nobody_works_is_paid_for_when_they_are_back(elsewhere: World) -> None:
    sku = await elsewhere.sku()
    order_id = await waits(elsewhere, sku, token="tok_timeout_once")
    await elsewhere.crew.leave()
    await elsewhere.receive("north", sku, 1)
    order = await elsewhere.order(order_id)
    assert (order["status"], order["payment_status"]) == ("payment_pending", "pending")

    elsewhere.crew.come_back()

    order = await elsewhere.until(order_id, "in_fulfillment")
    await elsewhere.ship(at(order, "north")["id"])
    await elsewhere.paid(order_id)
    assert await elsewhere.books(order_id) == [
        ("authorize", 1500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]
