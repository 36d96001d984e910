"""What becomes due after an order's close: money, and nothing else.

As with orders, the rows are the state and this process knows the newest `OrderNews` of them. It begins when
something becomes due and ends when nothing is; the next time it begins anew, under the same id.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows import ports, queues
    from workflows.messages import AdjustmentInput, OrderNews, OrderResult, Step
    from workflows.options import ATTEMPT, FOR_EVER


@workflow.defn
class AdjustmentWorkflow:
    """One closed order; its id is `adjustment:{order_id}`."""

    @workflow.init
    def __init__(self, asked: AdjustmentInput) -> None:
        self._asked = asked
        self._news = OrderNews()

    @workflow.run
    async def run(self, asked: AdjustmentInput) -> OrderResult:  # noqa: ARG002 (`__init__` keeps it)
        """Settle until nothing is due; wait for a person where one is asked."""
        while not self._settled():
            await workflow.wait_condition(lambda: self._settled() or self._may_settle())
            if not self._settled():
                await self._settle()
                await self._until_payment_retry()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return OrderResult(order_id=self._asked.order_id, version=self._news.version)

    @workflow.signal
    def progress(self, news: OrderNews) -> None:
        """Something became due, or a person has decided."""
        self._learn(news)

    def _learn(self, news: OrderNews) -> None:
        if news.version >= self._news.version:
            self._news = news

    def _settled(self) -> bool:
        return self._news.version > 0 and not self._news.money_due

    def _may_settle(self) -> bool:
        return self._news.attention is None or self._news.awaited

    async def _settle(self) -> None:
        step = Step(order_id=self._asked.order_id, now=workflow.now())
        news = await workflow.execute_activity_method(
            ports.MoneySteps.settle_payment,
            step,
            task_queue=queues.PAYMENTS,
            start_to_close_timeout=ATTEMPT,
            retry_policy=FOR_EVER,
        )
        self._learn(news)

    async def _until_payment_retry(self) -> None:
        retry_at = self._news.payment_retry_at
        if retry_at is None or self._settled():
            return
        left = retry_at - workflow.now()
        if left.total_seconds() <= 0:
            return
        try:
            await workflow.wait_condition(
                lambda: self._settled() or self._news.payment_retry_at != retry_at, timeout=left
            )
        except TimeoutError:
            return
