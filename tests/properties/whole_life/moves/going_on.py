"""What naturally comes next for an order: whatever it waits for is given to it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.allocating import allocate_as_suggested, units_that_wait
from tests.properties.whole_life.moves.cancelling import cancel
from tests.properties.whole_life.moves.carriers import on_their_way, scan
from tests.properties.whole_life.moves.customers import confirm
from tests.properties.whole_life.moves.holding import lift
from tests.properties.whole_life.moves.locations import OPEN, ship_rest, step
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.moves.paying import bring
from tests.properties.whole_life.moves.people import decide
from tests.properties.whole_life.moves.provider import send_back as bank_sends_back
from tests.properties.whole_life.moves.refunding import appease
from tests.properties.whole_life.moves.returning import OVER, inspect, receive, send_back
from tests.properties.whole_life.moves.stock import book
from tests.properties.whole_life.moves.supplying import announce_of
from tests.properties.whole_life.moves.time_passing import skip, skip_process
from tests.properties.whole_life.story import Json, Story
from tests.world import PLACES

Help = Callable[[Story, Json, Luck], Awaitable[bool]]
"""Give an order what it waits for; False when it does not wait for that."""


async def go_on(story: Story, luck: Luck) -> None:
    """Let one order take its course."""
    order = await story.some_order(luck)
    if order is not None and order["closed_at"] is None:
        await help_on(story, order, luck)


async def help_on(story: Story, order: Json, luck: Luck) -> bool:
    """Give an order the first thing that it waits for; False when it waits for nothing."""
    for give in HELP:
        if await give(story, order, luck):
            return True
    return False


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
    await decide(story, order, luck.pick(("retry", "retry", "retry", "skip", "cancel")))
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
    """What is waited for comes, or is to come soon, or is cancelled."""
    waiting = [line for line in order["lines"] if line["quantities"]["backordered"]]
    if not waiting or order["status"] == "payment_pending":
        return False
    if luck.smiles(0.5):
        await cancel(story, order["id"], {})
        return True
    if order["payment_status"] == "none" and luck.smiles(0.5):
        await announce_of(story, waiting[0]["sku"], luck.number(1, 5), luck)
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
    """What is sent back comes in and is looked at, or never comes; then its money has to move."""
    returns = [one for one in order["returns"] if one["status"] not in OVER]
    for back in returns:
        if any(line["received"] > line["inspected"] for line in back["lines"]):
            await inspect(story, back, luck)
        elif back["status"] == "inspected":
            await skip(story, order["id"], timedelta(minutes=6))
        elif luck.smiles(0.7):
            await receive(story, back, luck, everything=True)
        else:
            await skip_process(story, f"return:{back['id']}", timedelta(days=31))
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


async def confirm_payment(story: Story, order: Json, luck: Luck) -> bool:
    """The customer confirms the payment, or cannot, or cancels, or lets time pass, maybe all there is."""
    if "payment_action" not in order:
        return False
    if luck.smiles(0.15):
        await cancel(story, order["id"], {})
    elif luck.smiles(0.5):
        await skip(story, order["id"], luck.pick((timedelta(minutes=6), timedelta(hours=49))))
    else:
        await confirm(story, order, "passed" if luck.smiles(0.7) else "failed")
    return True


async def adjust(story: Story, order: Json, luck: Luck) -> bool:
    """What became due after the close is decided by the provider, who may have to be asked."""
    del luck
    if order["closed_at"] is None:
        return False
    await skip_process(story, f"adjustment:{order['id']}", timedelta(minutes=6))
    return True


async def wait(story: Story, order: Json, luck: Luck) -> bool:
    """Time passes: for a payment to be tried again, or for the return window, if nothing is sent back."""
    if order["status"] == "payment_pending":
        await skip(story, order["id"], timedelta(minutes=2))
    elif order["delivered_at"] is not None and not order["returns"] and luck.smiles(0.3):
        await send_back(story, order, luck)
    elif order["delivered_at"] is not None:
        if luck.smiles(0.3):
            await appease(story, order, luck)
        elif order["totals"]["refunded"]:
            await bank_sends_back(story, order["id"])
        await skip(story, order["id"], timedelta(days=31))
    else:
        return False
    return True


HELP: Final[tuple[Help, ...]] = (
    lift_holds, look, ship, confirm_payment, pay, allot, supply, deliver, take_back, adjust, wait,
)  # fmt: skip

MOVES: Final = (Move(go_on, weight=6),)
