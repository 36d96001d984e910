"""Composition root of the workers: clients, activities, workflows and the relay, wired in one place."""

import asyncio
import hashlib
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

import httpx
from temporalio import activity
from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import domain
import workflows
from activities.border import Border
from activities.hold_sweep import HoldSweep
from activities.lifecycle import LifecycleActivities
from activities.numbering import Numbering
from activities.payments import PaymentActivities
from activities.processes import Processes
from activities.reconciler import Reconciler
from activities.relay import Relay
from activities.returns import ReturnActivities
from activities.routing import RoutingActivities, RoutingRules
from adapters.db.engine import create_engine
from adapters.db.payment_policy import payment_policy
from adapters.payments.providers import payment_providers
from config.logging import configure
from config.settings import Settings
from routing import PRESETS
from workflows import ports, queues
from workflows.adjustment import AdjustmentWorkflow
from workflows.order import OrderWorkflow
from workflows.returns import ReturnWorkflow

log = logging.getLogger(__name__)

Role = Literal["all", "workflows", "activities"]

DEPLOYMENT: Final = "throughline"
_STATEMENT: Final = timedelta(seconds=10)
_RPC: Final = timedelta(seconds=5)


def declared(implementation: object, port: type) -> list[Callable[..., Any]]:
    """The activities of an implementation, each under the name that the port declares."""
    methods = []
    for name in sorted(port.__abstractmethods__):  # type: ignore[attr-defined]
        function = getattr(type(implementation), name)
        if not hasattr(function, "__temporal_activity_definition"):
            activity.defn(name=name)(function)
        methods.append(getattr(implementation, name))
    return methods


def build_id() -> str:
    """The version of the workflows that this code is: a digest of their source."""
    digest = hashlib.sha256()
    for package in (workflows, domain):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


async def connect(settings: Settings) -> Client:
    """Connect to Temporal, waiting for as long as it takes to come up."""
    while True:
        try:
            return await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                data_converter=pydantic_data_converter,
            )
        except (RuntimeError, RPCError):
            await asyncio.sleep(0.5)


def build_workers(
    client: Client, settings: Settings, activities: dict[str, Sequence[Callable[..., Any]]], role: Role
) -> list[Worker]:
    """One worker per task queue; the one of the orders' own queue runs the workflows as well."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build_id())
    deployment = WorkerDeploymentConfig(
        version=version,
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
    workers = []
    for queue, methods in activities.items():
        runs_workflows = queue == queues.ORDERS and role != "activities"
        runs_activities = role != "workflows"
        if not runs_workflows and not runs_activities:
            continue
        workers.append(
            Worker(
                client,
                task_queue=queue,
                workflows=[OrderWorkflow, ReturnWorkflow, AdjustmentWorkflow] if runs_workflows else [],
                activities=methods if runs_activities else [],
                workflow_runner=sandbox(),
                interceptors=[Border()],
                deployment_config=deployment,
                graceful_shutdown_timeout=settings.worker_grace,
                sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
                max_concurrent_activities=_CONCURRENT[queue],
            )
        )
    return workers


_CONCURRENT: Final = {queues.ORDERS: 20, queues.PAYMENTS: 50, queues.ROUTING: 8}


def sandbox() -> SandboxedWorkflowRunner:
    """The sandbox; messages, ports and options pass through, so that types are the same on both sides."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(
            "pydantic", "workflows.messages", "workflows.ports", "workflows.options", "workflows.queues"
        )
    )


async def make_current(client: Client, settings: Settings) -> None:
    """Make this code's version the one that new and open orders run on, once its workers are known.

    A version that another one has replaced stays replaced, unless the settings say otherwise: an old worker
    that is started again in the middle of a roll-out would run orders that it does not understand.
    """
    while True:
        try:
            info, token = await _deployment(client)
            if not settings.worker_takes_over and _replaced(info):
                log.warning("another version has replaced this one", extra={"build_id": build_id()})
                return
            await client.workflow_service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=client.namespace,
                    deployment_name=DEPLOYMENT,
                    build_id=build_id(),
                    conflict_token=token,  # whoever was faster is looked at again
                    identity="throughline-worker",
                    ignore_missing_task_queues=True,
                ),
                timeout=_RPC,
            )
        except RPCError as error:
            if error.status not in _NOT_YET:
                raise
            await asyncio.sleep(0.25)  # the server allows few such requests
        else:
            return


async def _deployment(client: Client) -> tuple[WorkerDeploymentInfo, bytes]:
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    answer = await client.workflow_service.describe_worker_deployment(request, timeout=_RPC)
    return answer.worker_deployment_info, answer.conflict_token


def _replaced(info: WorkerDeploymentInfo) -> bool:
    """Whether this version was the current one once, and another one is now."""
    mine = [one for one in info.version_summaries if one.deployment_version.build_id == build_id()]
    once = any(one.HasField("first_activation_time") for one in mine)
    return once and info.routing_config.current_deployment_version.build_id not in {"", build_id()}


_NOT_YET: Final = {
    RPCStatusCode.NOT_FOUND,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
}


async def run(settings: Settings, role: Role, stop: asyncio.Event, *, client: Client | None = None) -> None:
    """Run workers and relay until `stop` is set; `client` is used instead of connecting one."""
    async with AsyncExitStack() as stack:
        engine = create_engine(
            settings.sqlalchemy_url, pool_size=settings.database_pool_size, statement_timeout=_STATEMENT
        )
        stack.push_async_callback(engine.dispose)
        http = await stack.enter_async_context(httpx.AsyncClient())
        client = client or await connect(settings)
        policy = payment_policy(settings)
        payments = PaymentActivities(engine, payment_providers(http, settings), policy)
        routing = RoutingActivities(
            engine,
            RoutingRules(settings.ship_within, settings.accept_within or None, settings.most_failures),
            policy=PRESETS[settings.routing_policy],
        )
        lifecycle = LifecycleActivities(
            engine,
            lost_after=settings.lost_after,
            unanswered=settings.review_expired,
            cool_off=settings.cool_off,
        )
        activities: dict[str, Sequence[Callable[..., Any]]] = {
            queues.ORDERS: [
                *declared(lifecycle, ports.LifecycleSteps),
                *declared(ReturnActivities(engine), ports.ReturnSteps),
            ],
            queues.PAYMENTS: declared(payments, ports.MoneySteps),
            queues.ROUTING: declared(routing, ports.RoutingSteps),
        }
        for worker in build_workers(client, settings, activities, role):
            await stack.enter_async_context(worker)
        if role != "activities":
            await make_current(client, settings)
        processes = Processes(client, return_window=settings.return_window)
        relay = Relay(engine, processes, database_url=settings.database_url)
        reconciler = Reconciler(engine, client, processes, every=settings.reconcile_every)
        aside = [
            asyncio.create_task(one.run())
            for one in (relay, reconciler, Numbering(engine), HoldSweep(engine))
        ]
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({*aside, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in aside:
            task.cancel()
            if task.done() and not stopped.done():
                task.result()


async def main(settings: Settings, role: Role = "all") -> None:
    """Run until SIGTERM or SIGINT, then let what is under way finish."""
    configure(settings.log_level)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(settings, role, stop)
