"""The sandbox provider inside the test process, behind a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

_START_SECONDS: Final = 10
_STOP_SECONDS: Final = 3


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        self.is_up.set()


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[str]:
    """Serve the app on a free port; gives its base URL."""
    # A connection that is closed while it lies idle would be a lost answer now and then.
    config = uvicorn.Config(
        app,
        port=0,
        log_level="error",
        ws="none",
        timeout_keep_alive=300,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(_START_SECONDS):
        await server.is_up.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
