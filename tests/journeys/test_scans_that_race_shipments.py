"""A carrier may speak while the location's own word is still being written down."""

import asyncio
from uuid import uuid4

from tests.world import World


async def test_a_delivery_that_races_its_shipment_is_never_lost(service: World) -> None:
    skus = [await service.sku(north=5) for _ in range(5)]
    orders = await asyncio.gather(*(service.place((sku, 1)) for sku in skus for _ in range(5)))

    async def race(order_id: str) -> None:
        (work,) = (await service.until(order_id, "in_fulfillment"))["fulfillments"]
        number = f"RACE{uuid4().hex}"
        ship = {"carrier": "ups", "tracking_number": number}
        await asyncio.gather(service.step(work["id"], "ship", ship), service.scan(number, "delivered"))

    await asyncio.gather(*(race(order_id) for order_id in orders))

    for order_id in orders:
        order = await service.order(order_id)
        assert order["status"] == "delivered"
