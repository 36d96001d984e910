"""The life of an order, from capture to close.

The rows are the state; this process knows one thing, the newest `OrderNews` of them, and decides what comes
next from that alone. Steps return it, commands and facts signal it; of two, the higher version is true.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import ports, queues
    from workflows.messages import FulfillmentNews, OrderInput, OrderNews, OrderResult, RouteStep, Step
    from workflows.options import ATTEMPT, FOR_EVER

from workflows.fulfillment import FulfillmentProcess

P = TypeVar("P")
S = TypeVar("S", bound=Step)


def _never() -> bool:
    return False


@workflow.defn
class OrderWorkflow:
    """One order, one process; its id is `order:{order_id}`."""

    @workflow.init
    def __init__(self, order: OrderInput) -> None:
        self._order = order
        self._news = OrderNews()
        self._decisions = 0
        self._cash_desk = asyncio.Lock()
        self._processes: dict[str, asyncio.Task[None]] = {}

    @workflow.run
    async def run(self, order: OrderInput) -> OrderResult:  # noqa: ARG002 (`__init__` keeps it)
        """Bring an order from capture to close; every way out is through the last step."""
        await self._validate_payment()
        await self._route()
        await self._fulfil_at_each_location()
        await self._deliver()
        await self._keep_return_window()
        await self._close()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return OrderResult(order_id=self._order.order_id, version=self._news.version)

    @workflow.signal
    def progress(self, news: OrderNews) -> None:
        """A command or a fact changed the order's course."""
        self._learn(news)

    def _learn(self, news: OrderNews) -> None:
        if news.version >= self._news.version:
            self._news = news

    async def _validate_payment(self) -> None:
        """Authorize; a hard decline cancels the order's units, and nothing is left for the later steps."""
        await self._settle()

    async def _route(self) -> None:
        """Ask the DOM until no unit is pending: each is at a location, waits for stock, or is cancelled."""
        while self._news.to_route:
            self._decisions += 1
            step = RouteStep(order_id=self._order.order_id, now=workflow.now(), n=self._decisions)
            await self._do(ports.RoutingSteps.route_order, step, queues.ROUTING)
            await self._attended()

    async def _fulfil_at_each_location(self) -> None:
        """Until no unit is left to ship: a process per location, and routing again what comes back."""
        deadlines = asyncio.create_task(self._watch_deadlines())
        while self._news.unshipped:
            self._launch()
            await workflow.wait_condition(self._course_changed)
            await self._route()
        self._launch()
        await asyncio.gather(*self._processes.values())
        deadlines.cancel()
        await self._settle()

    def _course_changed(self) -> bool:
        return bool(self._news.to_route) or not self._news.unshipped or bool(self._not_launched())

    def _not_launched(self) -> list[FulfillmentNews]:
        return [one for one in self._news.fulfillments if one.id not in self._processes]

    def _launch(self) -> None:
        for one in self._not_launched():
            process = FulfillmentProcess(partial(self._fulfillment, one.id), self._settle)
            self._processes[one.id] = asyncio.create_task(process.run())

    def _fulfillment(self, name: str) -> FulfillmentNews:
        return next(one for one in self._news.fulfillments if one.id == name)

    async def _deliver(self) -> None:
        """Until the carriers have spoken for every parcel."""
        await workflow.wait_condition(lambda: not self._news.in_transit)

    async def _keep_return_window(self) -> None:
        """The customer may send things back; an order of which nothing arrived has no window."""
        if self._news.delivered_at is not None:
            await self._sleep_until(self._news.delivered_at + self._order.return_window)

    async def _close(self) -> None:
        """Close the rows; what still had to be settled is settled first."""
        while not self._news.closed:
            await self._settle()
            await self._do(ports.LifecycleSteps.close_order, self._step(), queues.ORDERS)

    async def _settle(self) -> None:
        """Bring money in line, one desk for all locations; waits out soft declines and parked steps."""
        async with self._cash_desk:
            while self._news.money_due or self._news.version == 0:
                await self._do(ports.MoneySteps.settle_payment, self._step(), queues.PAYMENTS)
                await self._attended()
                await self._until_payment_retry()

    async def _attended(self) -> None:
        """A parked order waits for a person, who retries or cancels."""
        await workflow.wait_condition(lambda: self._news.attention is None)

    async def _until_payment_retry(self) -> None:
        if self._news.money_due and self._news.payment_retry_at is not None:
            await self._sleep_until(self._news.payment_retry_at, unless=lambda: not self._news.money_due)

    async def _watch_deadlines(self) -> None:
        """One timer for all deadlines of the order, armed from the rows."""
        while True:
            await workflow.wait_condition(lambda: self._news.deadline is not None)
            armed = self._news.deadline
            if armed is None or not await self._reached(armed):
                continue
            await self._do(ports.LifecycleSteps.check_deadlines, self._step(), queues.ORDERS)

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
