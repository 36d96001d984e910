"""The journeys whose trouble is money."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from tests.replay.steps import Journey, closed, closed_after_the_window, routed, ship_and_deliver
from tests.world import World, at


async def declined(world: World) -> str:
    """A hard decline, and nobody brings another token: the grace ends, and the order with it."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_declined")
    await world.told(order_id, "payment.another_needed")
    await world.skip(order_id, timedelta(hours=49))
    return await closed(world, order_id)


async def declined_then_paid(world: World) -> str:
    """A soft decline is tried again after a pause."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_insufficient_then_ok")
    await world.told(order_id, "payment.authorize_declined")
    await world.skip(order_id, timedelta(minutes=2))
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def declined_then_paid_by_another(world: World) -> str:
    """A hard decline, and another token within the grace."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_declined")
    await world.told(order_id, "payment.another_needed")
    await world.bring(order_id, "tok_ok")
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def renewed(world: World) -> str:
    """Nothing is there to ship, and the authorization ends: it is renewed, the old one let go."""
    order_id = await world.place((await world.sku(), 1), token="tok_expires_soon")
    await world.told(order_id, "payment.voided")
    await world.cancel(order_id)
    return await closed(world, order_id)


async def provider_down_then_paid(world: World) -> str:
    """The provider cannot be reached three times."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_down_3")
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    await world.paid(order_id)
    return await closed_after_the_window(world, order_id)


async def reviewed_then_released(world: World) -> str:
    """Held before routing: a person accepts the risk."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_review")
    order = await world.until(order_id, "on_hold")
    await world.lift(order_id, order["holds"][0]["id"])
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def reviewed_then_cancelled(world: World) -> str:
    """Held before routing: a person does not accept the risk."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_review")
    await world.until(order_id, "on_hold")
    await world.cancel(order_id)
    return await closed(world, order_id)


async def capture_refused_then_resumed(world: World) -> str:
    """Parked after the shipment: the money is taken at the second attempt."""
    order_id = await world.place((await world.sku(north=1), 1), token="tok_capture_fails")
    order = await routed(world, order_id)
    number = await world.ship(at(order, "north")["id"])
    await world.until(order_id, "needs_attention")
    await world.scan(number, "delivered")
    await world.attend(order_id, "retry")
    await world.paid(order_id)
    return await closed_after_the_window(world, order_id)


PAYMENT_JOURNEYS: Final[Mapping[str, Journey]] = {
    journey.__name__: journey
    for journey in (
        declined,
        declined_then_paid,
        declined_then_paid_by_another,
        renewed,
        provider_down_then_paid,
        reviewed_then_released,
        reviewed_then_cancelled,
        capture_refused_then_resumed,
    )
}
