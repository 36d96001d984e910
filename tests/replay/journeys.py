"""The journeys whose histories are kept: one of each turn that an order's process can take."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.replay.steps import (
    Journey,
    closed,
    closed_after_the_window,
    routed,
    ship_and_deliver,
    units_of_the_line,
)
from tests.world import World, at


async def delivered(world: World) -> str:
    """Paid, routed, shipped, delivered, and closed after the return window."""
    order_id = await world.place((await world.sku(north=2), 2))
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def split(world: World) -> str:
    """Two locations, each paid for as it ships."""
    lines = [(await world.sku(north=1), 1), (await world.sku(south=1), 1)]
    order_id = await world.place(*lines)
    order = await routed(world, order_id)
    await world.ship(at(order, "north")["id"])
    await world.until(order_id, lambda one: one["payment_status"] == "partially_captured")
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def shipped_in_two_steps(world: World) -> str:
    """One location, two parcels, one after the other."""
    order_id = await world.place((await world.sku(north=2), 2))
    order = await routed(world, order_id)
    work = at(order, "north")["id"]
    parcel = {"carrier": "ups", "tracking_number": f"TN{order_id}", "lines": [units_of_the_line(1)]}
    await world.step(work, "ship", {"parcels": [parcel]})
    await world.until(order_id, lambda one: one["payment_status"] == "partially_captured")
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def cancelled_while_picking(world: World) -> str:
    """The customer thinks twice while the units are in somebody's hands."""
    order_id = await world.place((await world.sku(north=2), 2))
    order = await routed(world, order_id)
    for step in ("accept", "pick"):
        await world.step(at(order, "north")["id"], step)
    await world.cancel(order_id)
    return await closed(world, order_id)


async def cancelled_in_part(world: World) -> str:
    """One of two units is cancelled, the other is delivered."""
    order_id = await world.place((await world.sku(north=2), 2))
    await routed(world, order_id)
    await world.cancel(order_id, ("1", 1))
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def backordered_then_filled(world: World) -> str:
    """Nothing is there; stock arrives and is given to the order."""
    sku = await world.sku()
    order_id = await world.place((sku, 1))
    await world.until(order_id, "awaiting_stock")
    await world.receive("north", sku, 1)
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def displaced_by_a_count(world: World) -> str:
    """A truthful count takes the promise back; another location has the unit."""
    sku = await world.sku(north=1)
    order_id = await world.place((sku, 1))
    await routed(world, order_id)
    await world.receive("south", sku, 1)
    await world.count("north", sku, 0)
    await world.until(order_id, lambda one: one["fulfillments"][-1]["location_id"] == "south")
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def rejected_then_rerouted(world: World) -> str:
    """The first location will not do it."""
    order_id = await world.place((await world.sku(north=1, south=1), 1))
    order = await routed(world, order_id)
    await world.step(order["fulfillments"][0]["id"], "reject", {"reason": "roof leaks"})
    await world.until(order_id, lambda one: len(one["fulfillments"]) > 1)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def picked_short(world: World) -> str:
    """One unit is not where it should be; another location sends it."""
    order_id = await world.place((await world.sku(north=2, south=2), 2))
    order = await routed(world, order_id)
    work = order["fulfillments"][0]["id"]
    await world.step(work, "accept")
    await world.step(work, "pick", {"lines": [units_of_the_line(1)]})
    await world.until(order_id, lambda one: len(one["fulfillments"]) > 1)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def shipped_late(world: World) -> str:
    """The deadline passes before the location ships."""
    order_id = await world.place((await world.sku(north=1), 1))
    order = await routed(world, order_id)
    await world.step(at(order, "north")["id"], "accept")
    await world.skip(order_id, timedelta(hours=49))
    await world.told(order_id, "fulfillment.overdue")
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def picked_up(world: World) -> str:
    """The customer comes for it."""
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "south"}
    order_id = await world.place((await world.sku(south=1), 1), delivery=delivery, shipping_price=0)
    order = await routed(world, order_id)
    for step in ("accept", "ready", "collect"):
        await world.step(at(order, "south")["id"], step)
    await world.paid(order_id)
    return await closed_after_the_window(world, order_id)


async def held_then_released(world: World) -> str:
    """One hold is lifted, another one expires; meanwhile nothing ships."""
    order_id = await world.place((await world.sku(north=1), 1))
    await routed(world, order_id)
    hold = await world.hold(order_id, "release", "capture")
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    await world.hold(order_id, "release", expires_at=until)
    await world.lift(order_id, hold["id"])
    await world.skip(order_id, timedelta(hours=3))
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def not_accepted_in_time(world: World) -> str:
    """The first location does not answer its offer."""
    order_id = await world.place((await world.sku(north=1, south=1), 1))
    await routed(world, order_id)
    await world.skip(order_id, timedelta(hours=25))
    await world.until(order_id, lambda one: len(one["fulfillments"]) > 1)
    await routed(world, order_id)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def rerouted_by_ops(world: World) -> str:
    """A person takes the work back and names where it goes."""
    order_id = await world.place((await world.sku(north=1, south=1), 1))
    order = await routed(world, order_id)
    (first,) = order["fulfillments"]
    other = {"north": "south", "south": "north"}[first["location_id"]]
    await world.reroute(order_id, pin_location=other)
    await world.until(order_id, lambda one: len(one["fulfillments"]) > 1)
    await ship_and_deliver(world, order_id)
    return await closed_after_the_window(world, order_id)


async def lost_in_silence(world: World) -> str:
    """Nobody hears of the parcel any more: it is lost and paid back."""
    order_id = await world.place((await world.sku(north=1), 1))
    order = await routed(world, order_id)
    await world.ship(at(order, "north")["id"])
    await world.paid(order_id)
    await world.skip(order_id, timedelta(days=11))
    return await closed(world, order_id)


JOURNEYS: Final[Mapping[str, Journey]] = {
    journey.__name__: journey
    for journey in (
        delivered,
        split,
        shipped_in_two_steps,
        cancelled_while_picking,
        cancelled_in_part,
        backordered_then_filled,
        displaced_by_a_count,
        rejected_then_rerouted,
        picked_short,
        shipped_late,
        picked_up,
        held_then_released,
        not_accepted_in_time,
        rerouted_by_ops,
        lost_in_silence,
    )
}
