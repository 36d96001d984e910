"""Reading workflows from Temporal: which there are, how they stand, what their histories say."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cli.audit.evidence import WorkflowSeen

ORDER: Final = "order:"
RETURN: Final = "return:"
ADJUSTMENT: Final = "adjustment:"
"""What the ids of workflows begin with."""

_PATIENCE: Final = timedelta(seconds=10)
_AT_ONCE: Final = 16
_FAULTS: Final = {
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
}
"""A task can also fail because news came in while it ran; that is nobody's fault."""


async def read_workflows(client: Client, prefix: str, subjects: Iterable[str]) -> dict[str, WorkflowSeen]:
    """Return the workflow of each order or return, and those that belong to none, by its id."""
    starts = await _starts(client, prefix)
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(subject: str) -> WorkflowSeen | None:
        async with turn:
            return await read_workflow(client, subject, max(starts[subject], 1), prefix=prefix)

    seen = await asyncio.gather(*(one(subject) for subject in {*subjects, *starts}))
    return {workflow.subject: workflow for workflow in seen if workflow is not None}


async def _starts(client: Client, prefix: str) -> Counter[str]:
    """How often each workflow was started; a run that continues another is no start."""
    starts: Counter[str] = Counter()
    async for run in client.list_workflows(f'WorkflowId STARTS_WITH "{prefix}"', rpc_timeout=_PATIENCE):
        raw = run.raw_info
        if raw.first_run_id in {"", run.run_id}:
            starts[run.id.removeprefix(prefix)] += 1
    return starts


async def read_workflow(
    client: Client, subject: str, starts: int = 1, *, prefix: str = ORDER
) -> WorkflowSeen | None:
    """Return the workflow of one order or return as its newest run tells it; None when there is none."""
    handle = client.get_workflow_handle(f"{prefix}{subject}")
    try:
        description = await handle.describe(rpc_timeout=_PATIENCE)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    events = [event async for event in handle.fetch_history_events(rpc_timeout=_PATIENCE)]
    kinds = Counter(event.event_type for event in events)
    accepted = kinds[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED]
    completed = kinds[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED]
    return WorkflowSeen(
        subject=subject,
        status=description.status.name.lower() if description.status else "unknown",
        starts=starts,
        events=len(events),
        broken_tasks=tuple(_faults(events)),
        unanswered=accepted - completed,
        told="\n".join(str(event) for event in events),
    )


def _faults(events: Iterable[HistoryEvent]) -> Iterable[str]:
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failed = event.workflow_task_failed_event_attributes
            if failed.cause in _FAULTS:
                yield f"{WorkflowTaskFailedCause.Name(failed.cause)} {failed.failure.message}"
