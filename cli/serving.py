"""How every HTTP part of ours is served: loopback by default, a graceful stop, exit code 0."""

import signal
from types import FrameType
from typing import Any

GRACE_SECONDS = 5
"""How long requests in flight get at a stop."""


def serve(app: Any, *, host: str, port: int) -> None:
    """Serve an ASGI application until SIGTERM or SIGINT, then finish what is in flight."""
    import uvicorn  # noqa: PLC0415  # so that `oms --help` is fast

    # uvicorn raises the signal again once it has stopped; here a stop that was asked for is success.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _already_stopped)
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _already_stopped(number: int, frame: FrameType | None) -> None:
    del number, frame
