"""Parcels that do not simply arrive: late, tried in vain, silent, lost, sent back; the order always ends."""

from datetime import UTC, datetime, timedelta

from tests.passages import SHIPPED
from tests.world import World, at, quantities, sent_by


async def shipped(service: World, *units: int) -> tuple[str, str, list[str]]:
    """An order of one SKU, each number of units in a parcel of its own; its id, SKU and tracking numbers."""
    sku = await service.sku(north=sum(units))
    order_id = await service.place((sku, sum(units)))
    order = await service.until(order_id, "in_fulfillment")
    numbers = [f"T{index}-{sku}" for index in range(len(units))]
    parcels = [
        {"carrier": "ups", "tracking_number": number, "lines": [{"line_id": "1", "quantity": quantity}]}
        for number, quantity in zip(numbers, units, strict=True)
    ]
    await service.step(at(order, "north")["id"], "ship", {"parcels": parcels})
    await service.paid(order_id)
    return order_id, sku, numbers


async def test_delay_and_attempt_are_told_and_cleared_by_the_delivery(service: World) -> None:
    order_id, sku, (number,) = await shipped(service, 1)
    start = datetime.now(UTC)
    said = ["delayed", "exception", "delivery_attempted", "delivered"]
    for minute, status in enumerate(said):
        when = (start + timedelta(minutes=minute - 9)).isoformat()
        await service.scan(number, status, occurred_at=when)

    await service.until(order_id, "delivered")
    told = [one["data"] for one in await service.events(order_id) if one["type"] == "parcel.tracked"]
    assert [(one["status"], one["delayed"], one["exception"]) for one in told] == [
        ("unknown", True, False),
        ("unknown", True, True),
        ("delivery_attempted", False, False),
        ("delivered", False, False),
    ]
    assert await service.history(order_id) == [
        *SHIPPED,
        *["parcel.tracked"] * 4,
        "parcel.delivered",
        "fulfillment.delivered",
        "order.delivered",
    ]
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("capture", 1500, "succeeded")]
    assert await service.movements(sku) == sent_by("north", 1)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_a_parcel_of_which_nobody_hears_is_lost_and_paid_back(service: World) -> None:
    order_id, sku, (number,) = await shipped(service, 2)
    await service.scan(number, "in_transit")

    await service.skip(order_id, timedelta(days=9))
    assert (await service.order(order_id))["status"] == "shipped"
    await service.skip(order_id, timedelta(days=2))

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert quantities(order) == {"lost": 2}
    assert (order["status"], order["payment_status"]) == ("completed", "refunded")
    assert at(order, "north")["status"] == "lost"
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "succeeded"),
        ("refund", 2500, "succeeded"),
    ]
    events = await service.events(order_id)
    assert [one["type"] for one in events] == [
        *SHIPPED,
        "parcel.tracked",
        "parcel.lost",
        "refund.adjusted",
        "refund.owed",
        "fulfillment.lost",
        "payment.refunded",
        "order.closed",
    ]
    (lost,) = [one for one in events if one["type"] == "parcel.lost"]
    assert (lost["actor"], lost["data"]["cause"]) == ("process", "silence")
    assert await service.movements(sku) == sent_by("north", 2)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_a_parcel_that_turns_up_after_all_is_delivered(service: World) -> None:
    order_id, _, (one, other) = await shipped(service, 1, 1)
    await service.scan(other, "delivered")
    await service.scan(one, "failed")
    order = await service.until(order_id, lambda o: o["payment_status"] == "partially_refunded")
    assert quantities(order) == {"delivered": 1, "lost": 1}

    await service.scan(one, "delivered")

    order = await service.until(order_id, lambda o: quantities(o) == {"delivered": 2})
    await service.skip(order_id, timedelta(days=31))
    order = await service.until(order_id, "completed")
    assert order["totals"]["refunded"] == 1000


async def test_only_the_units_of_the_lost_parcel_are_paid_back(service: World) -> None:
    order_id, sku, (arrived, _) = await shipped(service, 2, 1)
    await service.scan(arrived, "delivered")
    order = await service.until(order_id, "partially_delivered")
    assert at(order, "north")["status"] == "partially_delivered"

    await service.skip(order_id, timedelta(days=11))

    order = await service.until(order_id, lambda o: quantities(o) == {"delivered": 2, "lost": 1})
    assert at(order, "north")["status"] == "delivered"
    await service.paid(order_id, "partially_refunded")
    await service.close(order_id)
    assert await service.history(order_id) == [
        *SHIPPED,
        "parcel.tracked",
        "parcel.delivered",
        "parcel.lost",
        "refund.owed",
        "fulfillment.delivered",
        "order.delivered",
        "payment.refunded",
        "order.closed",
    ]
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 3500, "succeeded"),
        ("refund", 1000, "succeeded"),
    ]
    assert await service.movements(sku) == sent_by("north", 3)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_what_goes_back_to_the_sender_is_paid_back_with_its_shipping(service: World) -> None:
    order_id, _, (number,) = await shipped(service, 2)
    await service.scan(number, "delivery_attempted")

    await service.scan(number, "returned_to_sender")

    order = await service.until(order_id, lambda o: o["payment_status"] == "refunded")
    assert quantities(order) == {"returned": 2}
    assert at(order, "north")["status"] == "returned"
    assert (await service.books(order_id))[-1] == ("refund", 2500, "succeeded")


async def test_scans_of_a_talking_carrier_keep_a_parcel_from_being_lost(service: World) -> None:
    order_id, _, (number,) = await shipped(service, 1)
    await service.skip(order_id, timedelta(days=9))
    async with service.database() as connection:
        await service.heard(connection, number, datetime.now(UTC) + timedelta(days=8))

    await service.skip(order_id, timedelta(days=5))
    assert (await service.order(order_id))["status"] == "shipped"
    await service.skip(order_id, timedelta(days=5))

    await service.until(order_id, lambda o: quantities(o) == {"lost": 1})


async def test_shipping_is_paid_back_when_the_rest_of_a_lost_order_is_cancelled(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    number = f"T-{sku}"
    parcel = {"carrier": "ups", "tracking_number": number, "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(at(order, "north")["id"], "ship", {"parcels": [parcel]})
    await service.scan(number, "failed")
    await service.until(order_id, lambda o: o["totals"]["refunded"] == 1000)

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert quantities(order) == {"lost": 1, "cancelled": 1}
    assert (order["totals"]["captured"], order["totals"]["refunded"]) == (1500, 1500)
    assert order["payment_status"] == "refunded"


async def test_what_a_carrier_brings_back_cannot_be_called_off_and_becomes_stock_again(
    service: World,
) -> None:
    order_id, sku, (number,) = await shipped(service, 2)
    await service.scan(number, "returned_to_sender")
    order = await service.until(order_id, lambda o: o["payment_status"] == "refunded")
    (back,) = order["returns"]

    await service.post("ops", f"/v1/returns/{back['id']}/cancel", {}, status=409)
    await service.post("ops", f"/v1/returns/{back['id']}/reject", {"reason": "no"}, status=409)

    lines = [{"line_id": "1", "quantity": 2}]
    await service.post("ops", f"/v1/returns/{back['id']}/receive", {"location_id": "south", "lines": lines})
    judged = [{"line_id": "1", "quantity": 2, "disposition": "restock"}]
    await service.post("ops", f"/v1/returns/{back['id']}/inspect", {"lines": judged})
    assert await service.level("south", sku) == (2, 0)
    await service.until(order_id, lambda o: o["closed_at"] is not None)


async def test_a_return_expects_no_units_that_a_carrier_has_brought_back(service: World) -> None:
    order_id, _, (one, other) = await shipped(service, 2, 1)
    for number in (one, other):
        await service.scan(number, "delivered")
    await service.until(order_id, "delivered")
    asked = {"lines": [{"line_id": "1", "quantity": 3, "reason": "late"}], "refund_to": "original"}
    mine = await service.post("storefront", f"/v1/orders/{order_id}/returns", asked, status=201)

    await service.scan(one, "returned_to_sender")

    shrunk = await service.get("ops", f"/v1/returns/{mine['id']}")
    assert [line["quantity"] for line in shrunk["lines"]] == [1]
    await service.scan(other, "returned_to_sender")
    ended = await service.get("ops", f"/v1/returns/{mine['id']}")
    assert ended["status"] == "cancelled"
    order = await service.until(order_id, lambda o: o["totals"]["refunded"] == 3000)
    assert quantities(order) == {"returned": 3}
