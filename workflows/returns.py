"""The life of a return, from the request to its end.

As with orders, the rows are the state and this process knows the newest `ReturnNews` of them. Locations say
what comes in and what becomes of it; what is left to a process is that time passes.
"""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import ports, queues
    from workflows.messages import ReturnInput, ReturnNews, ReturnResult, ReturnStep
    from workflows.options import ATTEMPT, FOR_EVER


@workflow.defn
class ReturnWorkflow:
    """One return, one process; its id is `return:{return_id}`."""

    @workflow.init
    def __init__(self, asked: ReturnInput) -> None:
        self._asked = asked
        self._news = ReturnNews()

    @workflow.run
    async def run(self, asked: ReturnInput) -> ReturnResult:  # noqa: ARG002 (`__init__` keeps it)
        """Wait for the units as long as they may take, and then for what people and money do."""
        await self._learn_how_it_stands()
        await self._wait_for_units()
        await self._wait_for_its_end()
        return ReturnResult(return_id=self._asked.return_id, version=self._news.version)

    @workflow.signal
    def progress(self, news: ReturnNews) -> None:
        """A command or a fact changed the return's course."""
        self._learn(news)

    def _learn(self, news: ReturnNews) -> None:
        if news.version >= self._news.version:
            self._news = news

    async def _learn_how_it_stands(self) -> None:
        """Who starts the process mostly says so; else the rows are asked."""
        if self._news.version == 0:
            await self._expire_what_is_due()

    async def _wait_for_units(self) -> None:
        """Until nothing is left to come: all is in, or the time for it is over, or nobody waits for it."""
        while self._news.deadline is not None:
            if await self._passed(self._news.deadline):
                await self._expire_what_is_due()

    async def _wait_for_its_end(self) -> None:
        """Until the units are inspected and paid back."""
        await workflow.wait_condition(lambda: self._news.over)
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _passed(self, deadline: datetime) -> bool:
        """Sleep to a deadline; False when it is not the deadline any more."""
        left = deadline - workflow.now()
        if left.total_seconds() > 0:
            try:
                await workflow.wait_condition(lambda: self._news.deadline != deadline, timeout=left)
            except TimeoutError:
                return True
        return self._news.deadline == deadline

    async def _expire_what_is_due(self) -> None:
        step = ReturnStep(order_id=self._asked.order_id, return_id=self._asked.return_id, now=workflow.now())
        news = await workflow.execute_activity_method(
            ports.ReturnSteps.expire_return,
            step,
            task_queue=queues.ORDERS,
            start_to_close_timeout=ATTEMPT,
            retry_policy=FOR_EVER,
        )
        self._learn(news)
