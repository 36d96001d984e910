"""Every request is counted and timed, and none ends without a problem to read."""

import time
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import answer_failure
from api.state import Services

_UNMATCHED: Final = "unmatched"


@dataclass(slots=True)
class Observed:
    """ASGI middleware around the routes and their error handlers."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            answer = answer_failure(error)
            if status:
                raise
            await answer(scope, receive, sending)
        finally:
            _count(scope, status, time.perf_counter() - started)


def _count(scope: Scope, status: int, seconds: float) -> None:
    services = scope["app"].state.services
    if isinstance(services, Services) and status:
        route = getattr(scope.get("route"), "path_format", _UNMATCHED)
        services.metrics.answered(scope["method"], route, status, seconds)
