"""The journeys with a return: of these the return's own history is kept too."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from tests.replay.steps import Journey
from tests.returning import ask_back, delivered, ended, inspect, receive, refunded, skip_return
from tests.world import World, at

_MONTH: Final = timedelta(days=31)


async def sent_back(world: World) -> str:
    """Two units come in at two places; the money goes back to the card."""
    order_id = await delivered(world, (await world.sku(north=2), 2))
    name = (await ask_back(world, order_id, ("1", 2)))["id"]
    await receive(world, name, "south", ("1", 1))
    await receive(world, name, "east", ("1", 1))
    await inspect(world, name, ("1", 2, "restock"))
    await refunded(world, order_id, 2000)
    await ended(world, name)
    return await _closed_after_the_window(world, order_id)


async def sent_back_in_part(world: World) -> str:
    """One of two units comes in, the other's time runs out; the customer gets credit."""
    order_id = await delivered(world, (await world.sku(north=2), 2))
    name = (await ask_back(world, order_id, ("1", 2), refund_to="store_credit"))["id"]
    await receive(world, name, "north", ("1", 1))
    await skip_return(world, name, _MONTH)
    await world.until(order_id, lambda one: _status(one) == "received")
    await inspect(world, name, ("1", 1, "scrap"))
    await ended(world, name)
    return await _closed_after_the_window(world, order_id)


async def never_sent_back(world: World) -> str:
    """The customer asks, and keeps it."""
    order_id = await delivered(world, (await world.sku(north=1), 1))
    name = (await ask_back(world, order_id, ("1", 1)))["id"]
    await skip_return(world, name, _MONTH)
    await ended(world, name)
    return await _closed_after_the_window(world, order_id)


async def back_at_the_sender(world: World) -> str:
    """The carrier brings back what it could not deliver."""
    order_id = await world.place((await world.sku(north=1), 1))
    order = await world.until(order_id, "in_fulfillment")
    number = await world.ship(at(order, "north")["id"])
    await world.paid(order_id)
    await world.scan(number, "returned_to_sender")
    order = await world.paid(order_id, "refunded")
    name = order["returns"][0]["id"]
    await receive(world, name, "north", ("1", 1))
    await inspect(world, name, ("1", 1, "restock"))
    await ended(world, name)
    return await _closed(world, order_id)


RETURN_JOURNEYS: Final[Mapping[str, Journey]] = {
    journey.__name__: journey
    for journey in (sent_back, sent_back_in_part, never_sent_back, back_at_the_sender)
}


def _status(order: Mapping[str, Any]) -> str:
    return str(order["returns"][0]["status"])


async def _closed(world: World, order_id: str) -> str:
    await world.until(order_id, lambda order: order["closed_at"] is not None)
    return order_id


async def _closed_after_the_window(world: World, order_id: str) -> str:
    await world.skip(order_id, _MONTH)
    return await _closed(world, order_id)
