"""The slice that everything stands on: placed, paid, routed, shipped, delivered, closed."""

from datetime import timedelta

from tests.world import World


async def test_an_order_runs_from_post_to_close(service: World) -> None:
    sku = await service.sku(north=5)

    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    assert order["payment_status"] == "authorized"
    assert await service.level("north", sku) == (5, 2)

    (work,) = order["fulfillments"]
    for step in ("accept", "pick", "pack"):
        await service.step(work["id"], step)
    number = await service.ship(work["id"])
    await service.until(order_id, lambda o: o["payment_status"] == "captured")
    await service.scan(number, "in_transit")
    await service.scan(number, "delivered")
    await service.until(order_id, "delivered")
    await service.skip(order_id, timedelta(days=31))
    order = await service.until(order_id, "completed")

    assert order["totals"]["captured"] == 2500
    assert order["lines"][0]["quantities"]["delivered"] == 2
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "succeeded"),
    ]
    assert await service.levels(sku) == {"north": (3, 0)}
    assert await service.movements(sku) == [
        ("north", "count", 5, 0),
        ("north", "reserved", 0, 2),
        ("north", "shipped", -2, -2),
    ]
    assert await service.history(order_id) == [
        "order.placed",
        "payment.authorized",
        "risk.accepted",
        "fulfillment.created",
        "fulfillment.accepted",
        "fulfillment.picked",
        "fulfillment.packed",
        "fulfillment.shipped",
        "payment.captured",
        "parcel.tracked",
        "parcel.tracked",
        "parcel.delivered",
        "fulfillment.delivered",
        "order.delivered",
        "order.closed",
    ]
