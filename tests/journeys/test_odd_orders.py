"""Orders that are not the rule: no place, no price, no carrier."""

from sqlalchemy import insert

from adapters.db.tables import postal_areas
from tests.world import World, at, quantities


def nowhere(service: World, postal_code: str) -> dict[str, str]:
    address = dict(service.body()["ship_to"], postal_code=postal_code)
    return {name: value for name, value in address.items() if name not in {"lat", "lng"}}


async def test_an_address_without_a_place_needs_attention_until_it_has_one(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), ship_to=nowhere(service, "00601"))
    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "address_unplaceable"

    await service.attend(order_id, "retry")
    await service.until(order_id, lambda o: "attention" in o)
    async with service.database() as connection:
        place = {"country": "US", "postal_code": "006", "lat": 39.0, "lng": -100.0}
        await connection.execute(insert(postal_areas).values(place))
    await service.attend(order_id, "retry")

    order = await service.until(order_id, "in_fulfillment")
    assert quantities(order) == {"allocated": 1}


async def test_an_order_that_nobody_can_place_can_be_cancelled(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), ship_to=nowhere(service, "99999"))
    await service.until(order_id, "needs_attention")

    order = await service.cancel(order_id)

    assert order["status"] == "cancelled"
    await service.paid(order_id, "voided")
    await service.until(order_id, lambda o: o["closed_at"] is not None)


async def test_a_free_order_is_never_paid_for(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), discount=1500)
    order = await service.until(order_id, "in_fulfillment")
    assert (order["totals"]["total"], order["payment_status"]) == (0, "none")

    await service.deliver(order_id)
    order = await service.close(order_id)

    assert await service.books(order_id) == []
    assert order["payment_status"] == "none"


async def test_an_order_whose_paid_line_is_cancelled_before_it_pays_is_free(service: World) -> None:
    paid, gift = await service.sku(north=1), await service.sku(north=1)
    lines = [
        {"sku": paid, "quantity": 1, "unit_price": 1000},
        {"sku": gift, "quantity": 1, "unit_price": 0},
    ]
    order_id = await service.place(lines=lines, shipping_price=0, token="tok_insufficient_then_ok")

    await service.cancel(order_id, ("1", 1))

    order = await service.until(order_id, "in_fulfillment")
    assert quantities(order, 1) == {"allocated": 1}
    await service.deliver(order_id)
    order = await service.close(order_id)
    assert order["totals"]["captured"] == 0


async def test_a_pickup_is_ready_and_then_collected(service: World) -> None:
    sku = await service.sku(north=1, south=2)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "south"}
    order_id = await service.place((sku, 2), delivery=delivery, shipping_price=0)
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "south")["id"]
    await service.step(work, "collect", status=409)

    for step in ("accept", "pick", "ready"):
        await service.step(work, step)
    await service.step(work, "ship", {"carrier": "ups", "tracking_number": "NO"}, status=409)
    collected = await service.step(work, "collect")

    assert collected["status"] == "delivered"
    assert await service.step(work, "collect") == collected
    await service.paid(order_id)
    order = await service.close(order_id)
    assert quantities(order) == {"delivered": 2}
    assert await service.books(order_id) == [("authorize", 2000, "succeeded"), ("capture", 2000, "succeeded")]
    assert await service.level("south", sku) == (0, 0)


async def test_a_pickup_waits_for_its_own_location_and_can_be_cancelled_when_ready(service: World) -> None:
    sku = await service.sku(north=5)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "east"}
    order_id = await service.place((sku, 1), delivery=delivery)
    await service.until(order_id, "awaiting_stock")
    await service.receive("south", sku, 1)
    await service.receive("east", sku, 1)
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "east")["id"]
    await service.step(work, "ready")

    await service.cancel(order_id)

    await service.step(work, "collect", status=409)
    await service.paid(order_id, "voided")
    assert await service.level("east", sku) == (1, 0)


async def test_an_order_that_is_shipped_is_never_ready_for_pickup(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")

    await service.step(at(order, "north")["id"], "ready", status=409)
