"""The journeys in which money becomes due after the close: of these that process's history is kept too."""

from collections.abc import Mapping
from typing import Final

from tests.replay.steps import Journey, closed_after_the_window, routed, ship_and_deliver
from tests.returning import refunded
from tests.world import World


async def given_after_the_close(world: World) -> str:
    """Somebody gives the customer something for a dent that was seen late."""
    order_id = await _closed(world, "tok_ok")
    await world.give(order_id, 400)
    await refunded(world, order_id, 400)
    return order_id


async def refused_after_the_close(world: World) -> str:
    """The provider refuses to give it back, and a person has it tried again."""
    order_id = await _closed(world, "tok_refund_fails")
    await world.give(order_id, 400)
    await world.until(order_id, lambda one: "attention" in one)
    await world.attend(order_id, "retry")
    await refunded(world, order_id, 400)
    return order_id


async def confirmed_after_the_close(world: World) -> str:
    """The provider takes the refund, and tells later that it is done."""
    order_id = await _closed(world, "tok_refund_pending")
    await world.give(order_id, 400)
    await refunded(world, order_id, 400)
    return order_id


ADJUSTMENT_JOURNEYS: Final[Mapping[str, Journey]] = {
    journey.__name__: journey
    for journey in (given_after_the_close, refused_after_the_close, confirmed_after_the_close)
}


async def _closed(world: World, token: str) -> str:
    order_id = await world.place((await world.sku(north=1), 1), token=token)
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)
