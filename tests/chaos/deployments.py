"""Workers as processes of their own, from this source tree or from a patched copy of it."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from temporalio.api.workflowservice.v1 import DescribeWorkerDeploymentRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from config.settings import Settings
from worker import DEPLOYMENT

ROOT: Final = Path(__file__).parents[2]
_PARTS: Final = ("activities", "adapters", "cli", "config", "domain", "routing", "workflows")
_PATIENCE: Final = 60.0


def copy_of_the_program(folder: Path) -> Path:
    """All that a worker needs, in a folder of its own."""
    for name in _PARTS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    shutil.copy(ROOT / "worker.py", folder)
    return folder


def patch(path: Path, before: str, after: str) -> None:
    """Change one place in a file."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{path} has {text.count(before)} × {before!r}"
    path.write_text(text.replace(before, after), "utf-8")


@asynccontextmanager
async def running_worker(
    settings: Settings, tree: Path, log: Path, *, takes_over: bool = False
) -> AsyncIterator[Process]:
    """Run a worker from a source tree; it is killed at the end unless it has stopped by then."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-P", "-m", "cli", "worker"],
            env={**environment(settings, tree), "OMS_WORKER_TAKES_OVER": str(takes_over)},
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def environment(settings: Settings, tree: Path) -> Mapping[str, str]:
    """Which service the worker belongs to, and where its code comes from."""
    return os.environ | {
        "PYTHONPATH": str(tree),
        "DATABASE_URL": settings.database_url,
        "TEMPORAL_ADDRESS": settings.temporal_address,
        "OMS_PSP_URL": settings.psp_url,
        "OMS_RETURN_WINDOW": f"PT{settings.return_window.total_seconds():.0f}S",
    }


async def current_build(client: Client) -> str:
    """The build id that new and open orders run on; empty when there is none, or the server will not say."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        answer = await client.workflow_service.describe_worker_deployment(request)
    except RPCError as error:
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.RESOURCE_EXHAUSTED}:
            return ""
        raise
    routing = answer.worker_deployment_info.routing_config
    return str(routing.current_deployment_version.build_id)


async def until_current_is_not(client: Client, build: str) -> str:
    """Wait until another build is the current one; returns it."""
    async with asyncio.timeout(_PATIENCE):
        while (current := await current_build(client)) in {"", build}:  # noqa: ASYNC110 (it is another's)
            await asyncio.sleep(0.5)  # the server allows few such questions
    return current
