"""How many history events an order costs: the budget that the design promises, counted on the server.

The two events that the server writes because a test skips time are the test's, not the order's.
"""

import asyncio
from collections import Counter

from temporalio.api.enums.v1 import EventType

from tests.world import World

SKIPPING = ("WORKFLOW_EXECUTION_OPTIONS_UPDATED", "WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED")
SCANS = ("pre_transit", "picked_up", "in_transit", "delayed", "in_transit", "out_for_delivery", "delivered")


async def lived(service: World, **stock: int) -> Counter[str]:
    """Bring an order through every step, its signals apart; returns its events by type."""
    skus = [await service.sku(**{place: units}) for place, units in stock.items()]
    order_id = await service.place(*((sku, 1) for sku in skus))
    order = await service.until(order_id, "in_fulfillment")
    assert len(order["fulfillments"]) == len(stock)
    numbers = []
    for work in order["fulfillments"]:
        await asyncio.sleep(0.6)
        for step in ("accept", "pick", "pack"):
            await service.step(work["id"], step)
        numbers.append(await service.ship(work["id"]))
    for number in numbers:
        await asyncio.sleep(0.6)
        for scan in SCANS:
            await service.scan(number, scan)
    await service.until(order_id, "delivered")
    await service.paid(order_id)
    await asyncio.sleep(0.6)
    await service.close(order_id)
    process = service.process(order_id)
    await process.result()
    history = await process.fetch_history()
    names = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events]
    assert [names.count(one) for one in SKIPPING] == [1, 1]
    return Counter(name for name in names if name not in SKIPPING)


async def test_an_order_of_one_location_costs_at_most_44_events(service: World) -> None:
    events = await lived(service, north=1)

    listed = "\n".join(f"{count:4} {name}" for name, count in sorted(events.items()))
    print(f"one location: {events.total()} events\n{listed}")  # noqa: T201 (the count is the result)
    assert events.total() <= 44, listed


async def test_an_order_of_two_locations_costs_at_most_60_events(service: World) -> None:
    events = await lived(service, north=1, south=1)

    listed = "\n".join(f"{count:4} {name}" for name, count in sorted(events.items()))
    print(f"two locations: {events.total()} events\n{listed}")  # noqa: T201 (the count is the result)
    assert events.total() <= 60, listed
