"""How a request's body is read: capped, strictly JSON, its numbers exactly as they were written."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

MEBIBYTE: Final = 1024 * 1024
_LONGEST_PATH: Final = 1024


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a body that is no JSON.

    It is refused where bodies are checked, so that a request without a key hears of that first.
    """

    reason: str


class _Request(Request):
    """A request whose body is read as above."""

    max_body: int = MEBIBYTE

    async def body(self) -> bytes:
        """Return the body; 413 beyond the cap, before it is all in memory."""
        if not hasattr(self, "_body"):
            chunks = bytearray()
            async for chunk in self.stream():
                chunks += chunk
                if len(chunks) > self.max_body:
                    raise HTTPException(413)
            self._body = bytes(chunks)
        return self._body

    async def json(self) -> Any:
        """Return the parsed body: None when there is none, Unreadable when it is no JSON."""
        if not hasattr(self, "_json"):
            text = await self.body()
            self._json = parsed(text) if text else None
        return self._json


def parsed(text: bytes) -> Any:
    """Parse JSON as RFC 8259 has it; numbers with a point or exponent become Decimal."""
    try:
        return json.loads(text.decode("utf-8"), parse_float=Decimal, parse_constant=_no_such_constant)
    except UnicodeDecodeError:
        return Unreadable("it is not UTF-8")
    except json.JSONDecodeError as error:
        return Unreadable(f"line {error.lineno}, column {error.colno}")
    except RecursionError:
        return Unreadable("it is nested too deeply")
    except (ValueError, ArithmeticError):
        return Unreadable("it holds a number that is none or that is too large")


def _no_such_constant(name: str) -> None:
    raise ValueError(name)


class JsonRoute(APIRoute):
    """A route whose requests are read as above; also refuses what no column could hold."""

    max_body: ClassVar[int] = MEBIBYTE

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the framework's handler with our request in front."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            path = request.scope["path"]
            if "\x00" in path or len(path) > _LONGEST_PATH:
                raise HTTPException(404)
            if b"%00" in request.scope["query_string"]:
                raise RequestValidationError(
                    [{"type": "nul", "loc": ("query",), "msg": "must not hold a NUL character"}]
                )
            reading = _Request(request.scope, request.receive)
            reading.max_body = self.max_body
            return await handler(reading)

        return handle
