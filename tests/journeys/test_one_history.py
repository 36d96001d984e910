"""One history: everything that happened to an order, in order, each with who did it."""

from tests.world import World

STORY = [
    ("order.placed", "storefront:test-storefront"),
    ("payment.authorize_declined", "process"),
    ("payment.another_needed", "process"),
    ("payment.brought", "storefront:test-storefront"),
    ("payment.authorized", "process"),
    ("risk.accepted", "process"),
    ("fulfillment.created", "process"),
    ("hold.placed", "ops:test-ops"),
    ("fulfillment.held", "ops:test-ops"),
    ("hold.lifted", "ops:test-ops"),
    ("fulfillment.released", "ops:test-ops"),
    ("fulfillment.rejected", "ops:test-ops"),
    ("fulfillment.created", "process"),
    ("fulfillment.accepted", "ops:test-ops"),
    ("lines.cancelled", "ops:test-ops"),
    ("fulfillment.shipped", "ops:test-ops"),
    ("parcel.tracked", "carrier:generic"),
    ("parcel.delivered", "carrier:generic"),
    ("fulfillment.delivered", "carrier:generic"),
    ("order.delivered", "carrier:generic"),
    ("order.closed", "process"),
]


async def test_a_rough_life_is_told_completely_in_order_and_with_its_actors(service: World) -> None:
    sku = await service.sku(north=2, south=2)
    order_id = await service.place((sku, 2), token="tok_declined")
    await service.told(order_id, "payment.another_needed")
    await service.bring(order_id, "tok_ok")
    order = await service.until(order_id, "in_fulfillment")
    (first,) = order["fulfillments"]
    hold = await service.hold(order_id, "release")
    await service.lift(order_id, hold["id"])
    await service.step(first["id"], "reject", {"reason": "no staff"})
    order = await service.until(order_id, lambda o: len(o["fulfillments"]) > 1)
    other = order["fulfillments"][-1]["id"]
    await service.step(other, "accept")
    await service.cancel(order_id, ("1", 1))
    number = await service.ship(other, version=2)
    await service.scan(number, "delivered")
    await service.paid(order_id)
    await service.close(order_id)

    history = await service.events(order_id)

    drawn = [one for one in history if one["type"] in {"payment.captured", "payment.voided"}]
    story = [
        (one["type"], one["actor"]) for one in history if one not in drawn
    ]  # its moment is the provider's
    assert [(one["type"], one["actor"], one["data"]["amount"]) for one in drawn] == [
        ("payment.captured", "process", 1500),
        ("payment.voided", "process", 1000),
    ]
    assert story == STORY
    assert [one["seq"] for one in history] == list(range(1, len(history) + 1))
    assert [one["at"] for one in history] == sorted(one["at"] for one in history)
    assert await service.books(order_id) == [
        ("authorize", 2500, "declined"),
        ("authorize", 2500, "succeeded"),
        ("capture", 1500, "succeeded"),
        ("void", 1000, "succeeded"),
    ]
    assert await service.movements(sku) == [
        ("north", "count", 2, 0),
        ("south", "count", 2, 0),
        ("north", "reserved", 0, 2),
        ("north", "rejected", 0, -2),
        ("south", "reserved", 0, 2),
        ("south", "cancelled", 0, -1),
        ("south", "shipped", -1, -1),
    ]
    assert await service.levels(sku) == {"north": (2, 0), "south": (1, 0)}


async def test_a_history_is_read_page_by_page(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    whole = await service.events(order_id)

    seen, cursor = [], ""
    while cursor is not None:
        path = f"/v1/orders/{order_id}/events?limit=1" + (f"&cursor={cursor}" if cursor else "")
        page = await service.get("ops", path)
        seen += page["data"]
        cursor = page["next_cursor"]

    assert seen == whole
    await service.cancel(order_id)
