"""Every order comes to its end: what it waits for is given to it, until it is closed. None may hang."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from temporalio.api.enums.v1 import EventType

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.allocating import allocate_as_suggested, units_that_wait
from tests.properties.whole_life.moves.cancelling import cancel
from tests.properties.whole_life.moves.carriers import on_their_way, scan
from tests.properties.whole_life.moves.holding import lift
from tests.properties.whole_life.moves.locations import OPEN, ship_rest, step
from tests.properties.whole_life.moves.paying import bring
from tests.properties.whole_life.moves.people import decide
from tests.properties.whole_life.moves.returning import OVER, inspect, receive
from tests.properties.whole_life.moves.stock import book
from tests.properties.whole_life.moves.time_passing import skip, skip_for_return
from tests.properties.whole_life.story import Broken, Json, Story
from tests.world import PLACES

_PATIENCE: Final = 45.0
_STALE: Final = 0.05
_RESTS: Final = 2.0
"""Seconds: between two looks at least, and until it has come to rest."""

Help = Callable[[Story, Json, Luck], Awaitable[bool]]
"""Give an order what it waits for; False when it does not wait for that."""


async def end_all(story: Story, luck: Luck) -> None:
    """Bring all orders to their end, at the same time; Broken when one does not come to it."""
    lucks = [Luck(luck.number(0, 10**9)) for _ in story.orders]
    await asyncio.gather(*(_end(story, one, own) for one, own in zip(story.orders, lucks, strict=True)))
    await _told(story)


async def _end(story: Story, order_id: str, luck: Luck) -> None:
    deadline = time.monotonic() + _PATIENCE
    pause = _STALE
    while not await story.watch.fetchval("SELECT closed_at FROM orders WHERE id = $1", order_id):
        if time.monotonic() > deadline:
            raise Broken(await _hanging(story, order_id))
        await story.rest([order_id], _RESTS)
        helped = await _help(story, await story.order(order_id), luck)
        pause = _STALE if helped else min(pause * 1.6, 0.5)
        await asyncio.sleep(pause)
    async with asyncio.timeout(_PATIENCE):
        await story.world.process(order_id).result()


async def _help(story: Story, order: Json, luck: Luck) -> bool:
    for give in HELP:
        if await give(story, order, luck):
            return True
    return False


async def _hanging(story: Story, order_id: str) -> str:
    history = await story.world.process(order_id).fetch_history()
    done = ", ".join(EventType.Name(event.event_type)[11:].lower() for event in history.events[-30:])
    events = (await story.get(f"/v1/orders/{order_id}/events?limit=200"))["data"]
    shown = json.dumps(await story.order(order_id))
    told = "\n".join(json.dumps(event) for event in events)
    return f"the order does not come to its end:\n{shown}\n{told}\nits process: {done}"


async def _told(story: Story) -> None:
    """Wait until everything that was to be told has been told."""
    deadline = time.monotonic() + _PATIENCE
    untold = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND order_id = ANY($1)"
    while await story.watch.fetchval(untold, story.orders):
        if time.monotonic() > deadline:
            raise Broken("news of a closed order is never told")
        await asyncio.sleep(_STALE)


async def lift_holds(story: Story, order: Json, luck: Luck) -> bool:
    """Whoever held it lets it go."""
    del luck
    for held in order["holds"]:
        await lift(story, order, held)
    return bool(order["holds"])


async def look(story: Story, order: Json, luck: Luck) -> bool:
    """Somebody looks at an order that stopped."""
    if "attention" not in order:
        return False
    await decide(story, order, "retry" if luck.smiles(0.7) else "cancel")
    return True


async def ship(story: Story, order: Json, luck: Luck) -> bool:
    """Locations ship what they are asked for, or the customer cancels the rest."""
    works = [work for work in order["fulfillments"] if work["status"] in OPEN]
    if works and luck.smiles(0.2):
        await cancel(story, order["id"], {})
        return True
    for work in works:
        if order["delivery"]["method"] == "pickup":
            for name in ("ready", "collect"):
                await step(story, work, name)
        else:
            await ship_rest(story, work, {"version": work["version"]})
    return bool(works)


async def supply(story: Story, order: Json, luck: Luck) -> bool:
    """What is waited for comes, or is cancelled."""
    waiting = [line for line in order["lines"] if line["quantities"]["backordered"]]
    if not waiting or order["status"] == "payment_pending":
        return False
    if luck.smiles(0.5):
        await cancel(story, order["id"], {})
        return True
    place = order["delivery"].get("pickup_location") or luck.pick(tuple(PLACES))
    for line in waiting:
        await book(story, place, line["sku"], line["quantities"]["backordered"])
    return True


async def deliver(story: Story, order: Json, luck: Luck) -> bool:
    """Carriers deliver what is on its way."""
    del luck
    if not any(line["quantities"]["shipped"] for line in order["lines"]):
        return False
    numbers = on_their_way(order)
    for number in numbers:
        await scan(story, number, "delivered")
    return bool(numbers)


async def take_back(story: Story, order: Json, luck: Luck) -> bool:
    """What is sent back comes in and is looked at, or never comes."""
    returns = [one for one in order["returns"] if one["status"] not in OVER]
    for back in returns:
        if any(line["received"] > line["inspected"] for line in back["lines"]):
            await inspect(story, back, luck)
        elif luck.smiles(0.7):
            await receive(story, back, luck, everything=True)
        else:
            await skip_for_return(story, back["id"], timedelta(days=31))
    return bool(returns)


async def allot(story: Story, order: Json, luck: Luck) -> bool:
    """A person finds a location for what waits for one, or gives up."""
    if order["routing"] != "manual" or not units_that_wait(order):
        return False
    if luck.smiles(0.2) or not await allocate_as_suggested(story, order):
        await cancel(story, order["id"], {})
    return True


async def pay(story: Story, order: Json, luck: Luck) -> bool:
    """The customer pays otherwise, or lets the grace pass."""
    if order["payment_status"] not in {"declined", "expired"} or order["status"] != "payment_pending":
        return False
    if luck.smiles(0.5):
        await bring(story, order["id"], "tok_ok")
    else:
        await skip(story, order["id"], timedelta(hours=49))
    return True


async def wait(story: Story, order: Json, luck: Luck) -> bool:
    """Time passes: for a payment to be tried again, or for the return window."""
    del luck
    if order["status"] == "payment_pending":
        await skip(story, order["id"], timedelta(minutes=2))
    elif order["delivered_at"] is not None:
        await skip(story, order["id"], timedelta(days=31))
    else:
        return False
    return True


HELP: Final[tuple[Help, ...]] = (lift_holds, look, ship, pay, allot, supply, deliver, take_back, wait)
