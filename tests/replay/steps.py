"""The steps that recorded journeys share."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from tests.world import World

Journey = Callable[[World], Awaitable[str]]
"""It returns the id of its order."""

_SHIPPABLE: Final = {"open", "accepted", "picking", "packed", "partially_shipped"}


def units_of_the_line(quantity: int) -> dict[str, Any]:
    return {"line_id": "1", "quantity": quantity}


async def routed(world: World, order_id: str) -> dict[str, Any]:
    return await world.until(order_id, "in_fulfillment")


async def ship_and_deliver(world: World, order_id: str) -> None:
    """Ship what is left and deliver every parcel."""
    for work in (await world.order(order_id))["fulfillments"]:
        if work["status"] == "open":
            await world.step(work["id"], "accept")
        if work["status"] in _SHIPPABLE:
            await world.ship(work["id"])
    for work in (await world.order(order_id))["fulfillments"]:
        for parcel in work["parcels"]:
            await world.scan(parcel["tracking_number"], "delivered")


async def closed(world: World, order_id: str) -> str:
    await world.until(order_id, lambda order: order["closed_at"] is not None)
    return order_id


async def closed_after_the_window(world: World, order_id: str) -> str:
    await world.paid(order_id)
    await world.skip(order_id, timedelta(days=31))
    return await closed(world, order_id)
