"""The life of an order, from capture to close.

The rows are the state; this process knows one thing, the newest `OrderNews` of them, and decides what comes
next from that alone. Steps return it, commands and facts signal it; of two, the higher version is true.
Beside the story two watchers run to its end: one keeps money in line, the other looks when a deadline passes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import ports, queues
    from workflows.messages import OrderInput, OrderNews, OrderResult, RouteStep, Step
    from workflows.options import ATTEMPT, FOR_EVER

P = TypeVar("P")
S = TypeVar("S", bound=Step)

_AGAIN: Final = timedelta(minutes=1)


def _never() -> bool:
    return False


@workflow.defn
class OrderWorkflow:
    """One order, one process; its id is `order:{order_id}`."""

    @workflow.init
    def __init__(self, order: OrderInput) -> None:
        self._order = order
        self._news = OrderNews()

    @workflow.run
    async def run(self, order: OrderInput) -> OrderResult:  # noqa: ARG002 (`__init__` keeps it)
        """Live, with both watchers beside the story; whoever fails first is heard."""
        tasks = [asyncio.create_task(one()) for one in (self._live, self._keep_books, self._watch_deadlines)]
        ended, watching = await workflow.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
        for task in watching:
            task.cancel()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return OrderResult(order_id=self._order.order_id, version=self._news.version)

    async def _live(self) -> None:
        """Bring an order from capture to close; every way out is through the last step."""
        await self._validate_payment()
        await self._fulfil_at_each_location()
        await self._deliver()
        await self._keep_return_window()
        await self._close()

    @workflow.signal
    def progress(self, news: OrderNews) -> None:
        """A command or a fact changed the order's course."""
        self._learn(news)

    def _learn(self, news: OrderNews) -> None:
        if news.version >= self._news.version:
            self._news = news

    async def _validate_payment(self) -> None:
        """Until the money is set aside, by this token or another one, or nothing is left to pay for."""
        await workflow.wait_condition(self._paid_or_over)

    def _paid_or_over(self) -> bool:
        known = self._news.version > 0
        return known and (not self._news.unpaid or not self._news.unshipped)

    async def _fulfil_at_each_location(self) -> None:
        """Until no unit is left to ship: ask the DOM for what is pending, and wait for what locations do.

        A held order, or one that a person routes, has nothing to ask for until that changes.
        """
        while self._news.unshipped:
            await workflow.wait_condition(lambda: self._news.to_route > 0 or not self._news.unshipped)
            if self._news.to_route:
                await self._route()

    async def _route(self) -> None:
        """Ask the DOM: each pending unit is then at a location, or waits for stock or for a person."""
        n = self._news.decisions + 1
        step = RouteStep(order_id=self._order.order_id, now=workflow.now(), n=n)
        await self._do(ports.RoutingSteps.route_order, step, queues.ROUTING)

    async def _deliver(self) -> None:
        """Until every parcel has ended its way: delivered, lost, or back at its sender."""
        await workflow.wait_condition(lambda: not self._news.in_transit)

    async def _keep_return_window(self) -> None:
        """The customer may send things back; an order of which nothing arrived has no window."""
        if self._news.delivered_at is not None:
            await self._sleep_until(self._news.delivered_at + self._order.return_window)

    async def _close(self) -> None:
        """Close the rows once nothing is left to do: no return on its way, no money due, nobody to ask."""
        while not self._news.closed:
            await workflow.wait_condition(lambda: not self._news.busy)
            await self._do(ports.LifecycleSteps.close_order, self._step(), queues.ORDERS)

    async def _keep_books(self) -> None:
        """Bring money in line whenever it is not; waits out soft declines, and people when it is parked.

        What the provider is still deciding is looked after meanwhile.
        """
        while True:
            await workflow.wait_condition(self._may_settle)
            await self._do(ports.MoneySteps.settle_payment, self._step(), queues.PAYMENTS)
            await self._until_payment_retry()

    def _may_settle(self) -> bool:
        due = self._news.money_due or self._news.version == 0
        return due and (self._news.attention is None or self._news.awaited)

    async def _until_payment_retry(self) -> None:
        retry_at = self._news.payment_retry_at
        if self._news.money_due and retry_at is not None:
            await self._sleep_until(retry_at, unless=lambda: self._news.payment_retry_at != retry_at)

    async def _watch_deadlines(self) -> None:
        """One timer for all deadlines of the order, armed from the rows."""
        while True:
            await workflow.wait_condition(lambda: self._news.deadline is not None)
            armed = self._news.deadline
            if armed is None or not await self._reached(armed):
                continue
            await self._check(armed)

    async def _check(self, armed: datetime) -> None:
        """Apply what has passed; a deadline that is left standing is looked at again, but not at once."""
        await self._do(ports.LifecycleSteps.check_deadlines, self._step(), queues.ORDERS)
        if self._news.deadline == armed:
            await self._sleep_until(workflow.now() + _AGAIN, unless=lambda: self._news.deadline != armed)

    async def _reached(self, deadline: datetime) -> bool:
        """Sleep to a deadline; False when none is left before it, or an earlier one has come."""

        def moot() -> bool:
            return self._news.deadline is None or self._news.deadline < deadline

        await self._sleep_until(deadline, unless=moot)
        return not moot()

    async def _sleep_until(self, moment: datetime, unless: Callable[[], bool] = _never) -> None:
        left = moment - workflow.now()
        if left.total_seconds() <= 0:
            return
        try:
            await workflow.wait_condition(unless, timeout=left)
        except TimeoutError:
            return

    async def _do(self, ask: Callable[[P, S], Awaitable[OrderNews]], step: S, queue: str) -> None:
        news = await workflow.execute_activity_method(
            ask, step, task_queue=queue, start_to_close_timeout=ATTEMPT, retry_policy=FOR_EVER
        )
        self._learn(news)

    def _step(self) -> Step:
        return Step(order_id=self._order.order_id, now=workflow.now())
