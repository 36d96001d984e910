"""Two things at the same moment."""

import asyncio
from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.cancelling import cancel, cancel_order
from tests.properties.whole_life.moves.locations import OPEN, reject, ship_all, ship_rest
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.moves.stock import count, receive
from tests.properties.whole_life.story import Broken, Story


async def cancel_beside_ship(story: Story, luck: Luck) -> None:
    """The customer cancels while the parcel is handed over: one of them is told no."""
    order = await story.some_order(luck)
    open_ones = [one for one in order["fulfillments"] if one["status"] in OPEN] if order else []
    if order is None or not open_ones:
        return
    work = luck.pick(open_ones)
    cancelled, shipped = await asyncio.gather(
        cancel(story, order["id"], {}), ship_rest(story, work, {"version": work["version"]})
    )
    if cancelled.is_success and shipped.is_success and len(open_ones) == 1 and _whole(order, work):
        raise Broken(f"{work['id']} was shipped and all of it cancelled")


def _whole(order: dict[str, object], work: dict[str, object]) -> bool:
    """Whether a location has all that can still be cancelled."""
    lines: list[dict[str, dict[str, int]]] = order["lines"]  # type: ignore[assignment]
    asked: list[dict[str, int]] = work["lines"]  # type: ignore[assignment]
    unshipped = sum(
        line["quantities"][bucket] for line in lines for bucket in ("pending", "backordered", "allocated")
    )
    return unshipped == sum(line["quantity"] - line["shipped"] for line in asked)


async def two_at_once(story: Story, luck: Luck) -> None:
    """Any two of those that take from the same units."""
    seeds = [Luck(luck.number(0, 10**9)) for _ in range(2)]
    plays = [luck.pick((cancel_order, ship_all, reject, count, receive)) for _ in seeds]
    await asyncio.gather(*(play(story, one) for play, one in zip(plays, seeds, strict=True)))


MOVES: Final = (Move(cancel_beside_ship, weight=2), Move(two_at_once, weight=2))
