"""Our own processes as parts: payment provider, workers, API."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from cli.embedded.part import Part
from cli.embedded.ports import LOOPBACK
from cli.embedded.probes import answers_ok

_STAYING_SECONDS: Final = 2.0


def psp_part(oms: Sequence[str], port: int, env: Mapping[str, str]) -> Part:
    """Return the sandbox payment provider as a part."""
    return Part(
        name="psp",
        command=[*oms, "psp", "--port", str(port)],
        env=env,
        ready=_answering(f"http://{LOOPBACK}:{port}/livez"),
    )


def worker_parts(
    oms: Sequence[str], count: int, env: Mapping[str, str], *, after: Callable[[], Awaitable[object]]
) -> list[Part]:
    """Return `worker`, `worker-2`, `worker-3`, …; each may take 30 s to finish what it does.

    after: what they wait for before they start.
    """
    names = ["worker", *(f"worker-{number}" for number in range(2, count + 1))]
    return [
        Part(
            name=name,
            command=[*oms, "worker"],
            env=env,
            grace=30.0,
            ready=_staying(),
            before_start=after,
        )
        for name in names
    ]


def api_part(oms: Sequence[str], port: int, env: Mapping[str, str]) -> Part:
    """Return the API as a part; it is ready when all that it needs is."""
    return Part(
        name="api",
        command=[*oms, "api", "--port", str(port)],
        env=env,
        ready=_answering(f"http://{LOOPBACK}:{port}/readyz"),
    )


def _staying() -> Callable[[int], Awaitable[str | None]]:
    """A worker has no port to ask; one that cannot start is gone within the time of its imports."""
    first_seen: dict[int, float] = {}

    async def ready(pid: int) -> str | None:
        since = first_seen.setdefault(pid, time.monotonic())
        return None if time.monotonic() - since > _STAYING_SECONDS else "it has just started"

    return ready


def _answering(url: str) -> Callable[[int], Awaitable[str | None]]:
    async def ready(_pid: int) -> str | None:
        return await answers_ok(url)

    return ready
