"""The processes at Temporal: started once, signalled, and started again when they died before their end."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.ids import adjustment_workflow_id, return_workflow_id, workflow_id
from workflows import queues
from workflows.adjustment import AdjustmentWorkflow
from workflows.messages import AdjustmentInput, Message, OrderInput, OrderNews, ReturnInput, ReturnNews
from workflows.order import OrderWorkflow
from workflows.returns import ReturnWorkflow

RPC: Final = timedelta(seconds=5)
_TASK: Final = timedelta(seconds=3)


class Processes:
    """Starts and signals: one that runs is left alone, one that completed too, one that failed begins anew.

    A process knows nothing that its rows do not tell, so beginning anew is going on.
    """

    def __init__(self, client: Client, *, return_window: timedelta) -> None:
        self._client = client
        self._return_window = return_window

    async def order(self, order_id: str, news: OrderNews | None = None) -> None:
        """See that an order's process runs, and tell it the news in the same call."""
        content = OrderInput(order_id=order_id, return_window=self._return_window)
        await self._see_to(OrderWorkflow.run, content, workflow_id(order_id), news)

    async def sent_back(self, order_id: str, return_id: str, news: ReturnNews | None = None) -> None:
        """See that the process of an order's return runs, and tell it the news in the same call."""
        content = ReturnInput(return_id=return_id, order_id=order_id)
        await self._see_to(ReturnWorkflow.run, content, return_workflow_id(return_id), news)

    async def adjustment(self, order_id: str, news: OrderNews | None = None) -> None:
        """See that what became due after an order's close is settled: as often as there is something."""
        content = AdjustmentInput(order_id=order_id)
        again = WorkflowIDReusePolicy.ALLOW_DUPLICATE
        await self._see_to(
            AdjustmentWorkflow.run, content, adjustment_workflow_id(order_id), news, reuse=again
        )

    async def _see_to(
        self,
        run: Any,
        content: Message,
        name: str,
        news: Message | None,
        *,
        reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    ) -> None:
        signal: dict[str, Any] = {"start_signal": "progress", "start_signal_args": [news]} if news else {}
        with suppress(WorkflowAlreadyStartedError):  # it has completed: the rows have taken what came late
            await self._client.start_workflow(
                run,
                content,
                id=name,
                task_queue=queues.ORDERS,
                task_timeout=_TASK,
                id_reuse_policy=reuse,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=RPC,
                **signal,
            )
