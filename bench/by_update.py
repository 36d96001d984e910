"""Commands the other way, for `oms bench commands`: an Update whose handler has an activity decide.

The API sends it by update-with-start; the activity runs the transaction that the real API runs itself, with
the same functions, and keeps the answer in a row. No personal data passes through Temporal, so the API reads
the answer from there. Two processes, served as the real ones are: `python -m bench.by_update api|worker`.
"""

import asyncio
import hashlib
import signal
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import click
from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity, workflow
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.border import Border
from activities.database import news_of
from adapters.db.cancellation import LineUnits, cancel
from adapters.db.engine import create_engine, in_transaction
from adapters.db.idempotency import RequestName, claim, record
from adapters.db.locked_order import lock_order
from adapters.db.queries.orders import channel_of, show_order
from adapters.db.tables import idempotency_records
from api.access import Caller, needs_keyed
from api.app import create_app
from api.idempotency import hash_of
from api.order_bodies import CancelPosted
from api.problems import Refusal, problem_of, rendered
from api.reading import JsonRoute
from api.state import UsesServices
from cli.serving import serve
from config.settings import Settings
from domain.errors import NotFound, ThroughlineError
from workflows.messages import Message, OrderNews
from workflows.options import ATTEMPT, FOR_EVER

QUEUE: Final = "bench-commands"
_TASK: Final = timedelta(seconds=3)
router = APIRouter(route_class=JsonRoute)


class CancelCommand(Message):
    """A cancel as it travels: whose request it is, and what it asks for."""

    order_id: str
    actor: str
    key_id: str
    path: str
    idempotency_key: str
    body_hash: str
    reason: str
    units: tuple[tuple[str, int], ...]

    @property
    def name(self) -> RequestName:
        """What makes two requests the same one."""
        return RequestName(self.key_id, "POST", self.path, self.idempotency_key)

    @property
    def update_id(self) -> str:
        """The same for every repeat of the request."""
        return hashlib.sha256(repr(self.name).encode()).hexdigest()


class CommandActivities:
    """Decides commands."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def cancel_units(self, command: CancelCommand) -> OrderNews:
        """Run the one transaction: claim, lock, cancel, save, answer."""

        async def work(connection: AsyncConnection) -> OrderNews:
            if await claim(connection, command.name, command.body_hash, _now()) is not None:
                return OrderNews()
            news, status, answer = await self._decided(connection, command)
            await record(connection, command.name, status, answer)
            return news

        return await in_transaction(self._engine, work)

    async def _decided(
        self, connection: AsyncConnection, command: CancelCommand
    ) -> tuple[OrderNews, int, str]:
        lines = [LineUnits(*units) for units in command.units]
        try:
            async with connection.begin_nested():
                if await channel_of(connection, command.order_id) is None:
                    raise NotFound("There is no such order.")
                order = await lock_order(connection, command.order_id, actor=command.actor, now=_now())
                await cancel(order, lines, reason=command.reason)
                progress = await order.save(tell_process=False)
                shown = await show_order(connection, command.order_id)
        except ThroughlineError as error:
            refused = problem_of(error)
            return OrderNews(), refused.status, rendered(refused)
        return news_of(progress), 200, to_json(shown).decode()


@workflow.defn
class CommandedOrder:
    """An order's process as a command meets it: started, with nothing to do but wait."""

    def __init__(self) -> None:
        self._news = OrderNews()

    @workflow.run
    async def run(self, order_id: str) -> None:  # noqa: ARG002 (as the real one's)
        """Wait until the benchmark is over."""
        await workflow.wait_condition(lambda: self._news.closed)

    @workflow.update
    async def cancel(self, command: CancelCommand) -> OrderNews:
        """Have the command decided, and learn what it came to."""
        news = await workflow.execute_activity_method(
            CommandActivities.cancel_units,
            command,
            start_to_close_timeout=ATTEMPT,
            retry_policy=FOR_EVER,
        )
        if news.version >= self._news.version:
            self._news = news
        return news


def process_id(order_id: str) -> str:
    """The id of an order's process in the benchmark."""
    return f"bench:{order_id}"


def start_operation(order_id: str) -> "WithStartWorkflowOperation[CommandedOrder, None]":
    """Start the process unless it runs."""
    return WithStartWorkflowOperation(
        CommandedOrder.run,
        order_id,
        id=process_id(order_id),
        task_queue=QUEUE,
        task_timeout=_TASK,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
    )


@router.post("/bench/orders/{order_id}/cancel")
async def cancel_order(
    order_id: str,
    body: CancelPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:write|orders:command")],
) -> Response:
    """Cancel units: 503 when the process has not answered in time, and may still do it."""
    command = CancelCommand(
        order_id=order_id,
        actor=caller.actor,
        key_id=caller.key_id,
        path=request.url.path,
        idempotency_key=request.headers["Idempotency-Key"],
        body_hash=hash_of(await request.json()),
        reason=body.reason,
        units=tuple((one.line_id, one.quantity) for one in body.lines or ()),
    )
    client = await services.temporal.client()
    try:
        await client.execute_update_with_start_workflow(
            CommandedOrder.cancel,
            command,
            start_workflow_operation=start_operation(order_id),
            id=command.update_id,
            rpc_timeout=request.app.state.rpc_timeout,
        )
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise Refusal(503, "outcome-unknown", "The process has not answered in time.") from error
    return await _recorded(services.engine, command.name)


async def _recorded(engine: AsyncEngine, name: RequestName) -> Response:
    rows = idempotency_records
    async with engine.connect() as connection:
        found = await connection.execute(
            select(rows.c.status, rows.c.answer).filter_by(
                key_id=name.key_id,
                method=name.method,
                path=name.path,
                idempotency_key=name.idempotency_key,
            )
        )
    row = found.one()
    return Response(row.answer, row.status, media_type="application/json")


def _now() -> datetime:
    return datetime.now(UTC)


@click.group()
def main() -> None:
    """Serve commands as Updates."""


@main.command()
@click.option("--port", type=int, required=True)
@click.option("--rpc-timeout", type=float, envvar="BENCH_RPC_TIMEOUT", default=5.0)
def api(port: int, rpc_timeout: float) -> None:
    """Serve the real API, and the route that sends Updates."""
    app = create_app(Settings())
    app.state.rpc_timeout = timedelta(seconds=rpc_timeout)
    app.include_router(router)
    serve(app, host="127.0.0.1", port=port)


@main.command()
def worker() -> None:
    """Work on commands."""
    asyncio.run(_work(Settings()))


async def _work(settings: Settings) -> None:
    """With the options of the real worker; without the sandbox and versions, which cost a little."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await Client.connect(settings.temporal_address, data_converter=pydantic_data_converter)
    engine = create_engine(
        settings.sqlalchemy_url,
        pool_size=settings.database_pool_size,
        statement_timeout=timedelta(seconds=10),
    )
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[CommandedOrder],
        activities=[CommandActivities(engine).cancel_units],
        workflow_runner=UnsandboxedWorkflowRunner(),
        interceptors=[Border()],
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        max_concurrent_activities=20,
    ):
        await stop.wait()
    await engine.dispose()


if __name__ == "__main__":
    main()
