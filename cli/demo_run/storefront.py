"""The storefront: places the orders, steadily, and no faster than the service keeps up."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cli.demo_run.customer import change_mind_early
from cli.demo_run.fraud_desk import check_address, suspect
from cli.demo_run.plot import Basket, Plot, Snag, Wish
from cli.demo_run.second_thoughts import CHANGES, change_order
from cli.demo_run.stage import Stage

_AT_ONCE: Final = 8
_UNTOUCHED_AT_MOST: Final = 40
_PAUSE: Final = 0.05
_EARLY: Final = {Wish.CANCEL_EARLY, Wish.CANCEL_UNIT_EARLY}


async def place_all(
    stage: Stage, baskets: Sequence[Basket], *, rate: float | None, untouched: Callable[[], int]
) -> None:
    """Place every order; `rate` in orders/s, None for as fast as `untouched` orders stay few."""
    turn = asyncio.Semaphore(_AT_ONCE)
    start = time.monotonic()
    for index, basket in enumerate(baskets):
        if rate is not None:
            await asyncio.sleep(max(0.0, start + index / rate - time.monotonic()))
        else:
            await _until_few(untouched)
        await turn.acquire()
        stage.play(_place(stage, basket, turn))


async def _until_few(untouched: Callable[[], int]) -> None:
    while untouched() > _UNTOUCHED_AT_MOST:  # noqa: ASYNC110 (it is counted by looking, nobody could set an event)
        await asyncio.sleep(_PAUSE)


async def _place(stage: Stage, basket: Basket, turn: asyncio.Semaphore) -> None:
    try:
        reply = await stage.shop.post("/v1/orders", basket.body, key=f"place:{basket.number}")
    finally:
        turn.release()
    if not reply.ok:
        stage.diary.turned_away += 1
        stage.diary.troubles.append(f"order {basket.number}: {reply.status} {reply.detail}")
        return
    order = reply.body
    stage.diary.accepted[order["id"]] = basket
    await _at_once(stage, order, basket.plot)


async def _at_once(stage: Stage, order: Mapping[str, Any], plot: Plot) -> None:
    """What happens to an order as soon as it is placed."""
    if plot.snag is Snag.SUSPECTED:
        await suspect(stage, order)
    elif plot.snag is Snag.ADDRESS_CHECKED:
        await check_address(stage, order)
    elif plot.wish in _EARLY:
        await change_mind_early(stage, order, plot.wish)
    elif plot.wish in CHANGES:
        await change_order(stage, order, plot.wish)
