"""Orders whose policy keeps stock from them wait beside it in peace, and are served when there is more."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.world import World, quantities


async def fenced(service: World, units: int) -> str:
    """A region of its own, to which the last units of a product do not ship."""
    region = uuid4().hex[:10]
    document = {
        "scope": {"regions": [f"US-{region}"]},
        "valid_from": "2020-01-01T00:00:00Z",
        "rules": [{"ring_fence": {"units": units}}],
    }
    await service.put("ops", f"/v1/routing/policies/p-{uuid4().hex}", document)
    return region


async def placed(service: World, region: str, sku: str, units: int) -> str:
    ship_to = service.body((sku, units))["ship_to"] | {"region": region}
    order_id = await service.place((sku, units), ship_to=ship_to)
    await service.until(order_id, "awaiting_stock")
    return order_id


async def test_orders_that_may_not_have_stock_do_not_chase_each_other_for_it(service: World) -> None:
    sku = await service.sku(north=4)
    region = await fenced(service, 5)
    waiting = [await placed(service, region, sku, 1) for _ in range(2)]

    await service.count("north", sku, 5)

    for order_id in waiting:
        await service.until(order_id, lambda order: quantities(order) == {"backordered": 1})
    other = await service.sku(north=1)
    await service.until(await service.place((other, 1)), "in_fulfillment")
    for order_id in waiting:
        assert quantities(await service.order(order_id)) == {"backordered": 1}
        supplied = [one for one in await service.events(order_id) if one["type"] == "line.supplied"]
        assert len(supplied) <= 2, "each looks at the new stock, and once more when the other has let it go"
    assert await service.level("north", sku) == (5, 0)


async def test_what_comes_in_beyond_the_fence_is_theirs_at_once(service: World) -> None:
    sku = await service.sku(north=5)
    region = await fenced(service, 5)
    one, two = [await placed(service, region, sku, 2) for _ in range(2)]

    await service.count("north", sku, 8)

    await service.until(one, lambda order: quantities(order).get("allocated", 0) > 0)
    await service.until(two, lambda order: quantities(order).get("allocated", 0) > 0)
    sent = Counter(quantities(await service.order(one))) + Counter(quantities(await service.order(two)))
    assert sent == {"allocated": 3, "backordered": 1}
    other = await service.place((sku, 5))
    await service.until(other, "in_fulfillment")
    assert await service.level("north", sku) == (8, 8)


async def test_orders_at_once_leave_what_is_fenced(service: World) -> None:
    sku = await service.sku(north=8)
    region = await fenced(service, 5)
    ship_to = service.body((sku, 1))["ship_to"] | {"region": region}

    orders = await asyncio.gather(*(service.place((sku, 1), ship_to=ship_to) for _ in range(8)))

    for order_id in orders:
        await service.until(order_id, lambda order: order["status"] in {"in_fulfillment", "awaiting_stock"})
    assert await service.level("north", sku) == (8, 3)


async def test_carts_at_once_leave_what_is_fenced(service: World) -> None:
    sku = await service.sku(north=12)
    region = await fenced(service, 10)
    cart = {
        "channel": "web",
        "lines": [{"sku": sku, "quantity": 2}],
        "ship_to": {"postal_code": "68501", "country": "US", "region": region, "lat": 39.0, "lng": -100.0},
    }

    async def kept() -> int:
        headers = {"Authorization": f"Bearer {service.keys['storefront']}", "Idempotency-Key": uuid4().hex}
        return (await service.http.post("/v1/reservations", json=cart, headers=headers)).status_code

    assert sorted(await asyncio.gather(*(kept() for _ in range(4)))) == [201, 409, 409, 409]
    assert await service.level("north", sku) == (12, 2)
