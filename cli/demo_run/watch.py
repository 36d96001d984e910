"""Watching the orders from outside until each has ended."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Final

from cli.demo_run.diary import Diary
from cli.demo_run.stage import Stage

ENDED: Final = frozenset({"completed", "returned", "cancelled"})
_UNDER_WAY: Final = (
    "received",
    "payment_pending",
    "on_hold",
    "routing",
    "awaiting_stock",
    "in_fulfillment",
    "partially_shipped",
    "shipped",
    "partially_delivered",
    "delivered",
    "needs_attention",
)
_UNROUTED: Final = frozenset({"received", "payment_pending", "routing"})
_LOOK_EVERY: Final = 1.0
_AT_ONCE: Final = 8

Order = dict[str, Any]
Due = Callable[[Order], bool | tuple[str, ...]]
Act = Callable[[Stage, Order], Coroutine[Any, Any, None]]


def _untouched(order: Order) -> bool:
    if order["status"] in _UNROUTED:
        return bool(order["payment_status"] != "declined")
    return any(work["status"] == "open" for work in order["fulfillments"])


class Watch:
    """Every accepted order as it was last seen. `changed` is when anything last moved."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.orders: dict[str, Order] = {}
        self.changed = time.monotonic()

    @property
    def diary(self) -> Diary:
        """The run's diary."""
        return self._stage.diary

    @property
    def ended(self) -> int:
        """How many orders have ended."""
        return sum(order["status"] in ENDED for order in self.orders.values())

    @property
    def over(self) -> bool:
        """Whether every order was answered, and every accepted one has ended."""
        return self.ended + self.diary.turned_away == self.diary.wanted

    def open(self) -> list[Order]:
        """The orders that have not ended."""
        return [order for order in self.orders.values() if order["status"] not in ENDED]

    def untouched(self) -> int:
        """Accepted orders that no location has taken on yet, as far as was seen."""
        unseen = len(self.diary.accepted) - len(self.orders)
        return unseen + len([order for order in self.orders.values() if _untouched(order)])

    async def visit(self, due: Due, act: Act) -> None:
        """For as long as the run lasts: once an open order is due, act on it, once for what it is due for."""
        seen: set[tuple[str, Hashable]] = set()
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for order in self.open():
                why = due(order)
                if why and (order["id"], why) not in seen:
                    seen.add((order["id"], why))
                    self._stage.play(act(self._stage, order))

    async def keep_looking(self, *, patience: float) -> bool:
        """Look until all have ended; False when nothing moves for `patience` seconds."""
        while not self.over:
            if time.monotonic() - self.changed > patience:
                return False
            await self._look()
            await asyncio.sleep(_LOOK_EVERY)
        return True

    async def _look(self) -> None:
        """Read the open orders, and one by one those that are not among them."""
        seen: set[str] = set()
        for order in await self._stage.side_door.pages("/v1/orders", status=_UNDER_WAY):
            seen.add(order["id"])
            self._note(order)
        missing = [
            order_id
            for order_id in self.diary.accepted
            if order_id not in seen and self._status(order_id) not in ENDED
        ]
        turn = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._look_up(order_id, turn) for order_id in missing))

    async def _look_up(self, order_id: str, turn: asyncio.Semaphore) -> None:
        async with turn:
            reply = await self._stage.side_door.get(f"/v1/orders/{order_id}")
        if reply.ok:
            self._note(reply.body)

    def _status(self, order_id: str) -> str:
        return str(self.orders.get(order_id, {}).get("status"))

    def _note(self, order: Order) -> None:
        if order["id"] not in self.diary.accepted:
            return
        if self.orders.get(order["id"]) != order:
            self.orders[order["id"]] = order
            self.changed = time.monotonic()
