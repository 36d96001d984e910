"""A patient caller of the HTTP API: what got no answer is asked again, with the same Idempotency-Key."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self

import httpx

_TIMEOUT: Final = 10.0
_AT_ONCE: Final = 16
_PATIENCE: Final = 180.0
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 2.0
_ASK_AGAIN: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

Headers = Callable[[], Mapping[str, str]]
Param = str | Sequence[str]


class GaveUpError(Exception):
    """No answer within all patience."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status and its JSON."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        """Whether it is a yes."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def detail(self) -> str:
        """What a refusal says."""
        return str(self.body.get("detail", self.body)) if isinstance(self.body, dict) else str(self.body)


class Caller:
    """Calls the API with one key. `troubles` counts what had to be asked again, by its cause.

    `patience` in seconds, from the first attempt on.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        patience: float = _PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        # The turns keep requests below what the pool may open: one that timed out while it waited for the
        # pool can leave a connection taken for ever. Idle ones go before the server closes them.
        self._turns = asyncio.Semaphore(_AT_ONCE)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=_AT_ONCE, keepalive_expiry=2)
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=_TIMEOUT, limits=limits, transport=transport
        )
        self._key = key
        self._patience = patience
        self.troubles: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: Param) -> Reply:
        """Read something."""
        return await self.send("GET", path, params=params, headers=self._identified)

    async def post(self, path: str, body: Mapping[str, Any], *, key: str) -> Reply:
        """Command something, once, however often it has to be said. `key` is the Idempotency-Key."""
        return await self.send(
            "POST",
            path,
            content=json.dumps(body),
            headers=lambda: {
                **self._identified(),
                "Idempotency-Key": key,
                "Content-Type": "application/json",
            },
        )

    async def put(self, path: str, body: Mapping[str, Any]) -> Reply:
        """Set something to what it is now."""
        return await self.send(
            "PUT",
            path,
            content=json.dumps(body),
            headers=lambda: {**self._identified(), "Content-Type": "application/json"},
        )

    async def delete(self, path: str) -> Reply:
        """Take something away."""
        return await self.send("DELETE", path, headers=self._identified)

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Headers,
        content: str | None = None,
        params: Mapping[str, Param] | None = None,
    ) -> Reply:
        """Send until there is an answer; `headers` are made anew each time. Raises GaveUpError."""
        until = time.monotonic() + self._patience
        pause = _FIRST_PAUSE
        while True:
            trouble = "no answer"
            try:
                async with self._turns:
                    answer = await self._http.request(
                        method, path, content=content, params=params, headers=dict(headers())
                    )
            except httpx.TransportError as error:
                trouble = type(error).__name__
            else:
                if answer.status_code not in _ASK_AGAIN:
                    return Reply(answer.status_code, answer.json() if answer.content else {})
                trouble = str(answer.status_code)
            self.troubles[trouble] += 1
            if time.monotonic() > until:
                raise GaveUpError(f"{method} {path}: {trouble}")
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 (only to part the callers)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def pages(self, path: str, **params: Param) -> list[dict[str, Any]]:
        """Read a whole list."""
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            reply = await self.get(path, limit="200", **params, **cursor)
            if not reply.ok:
                raise GaveUpError(f"GET {path} {params}: {reply.status} {reply.detail}")
            rows += reply.body["data"]
            if not reply.body.get("next_cursor"):
                return rows
            cursor = {"cursor": reply.body["next_cursor"]}

    def _identified(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._key}"}
