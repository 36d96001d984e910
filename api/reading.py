"""How a request's body is read: capped, strictly JSON, its numbers exactly as they were written."""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any, ClassVar, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from api.faults import nameable, pointer_of

MEBIBYTE: Final = 1024 * 1024
_LONGEST_PATH: Final = 1024


_NO_JSON: Final = b"no JSON"
_REASON: Final = "throughline.no_json"


class NotJson(ValueError):  # noqa: N818 (names what the body is)
    """A body that is no JSON; the text says where or why, without the body.

    `pointer`: the object that is at fault, where it is one.
    """

    def __init__(self, reason: str, pointer: str = "") -> None:
        super().__init__(reason)
        self.pointer = pointer


class _Twice(Exception):  # noqa: N818 (names what an object holds)
    """An object that holds a name more than once."""


def why_not_json(request: Request) -> NotJson | None:
    """Return what is wrong with the request's body as JSON, None when it is JSON or was not read as such."""
    reason: NotJson | None = request.scope.get(_REASON)
    return reason


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
        """Return the parsed body, None when there is none.

        No JSON becomes bytes, which no body of ours can be: so it is refused where bodies are checked,
        and a request without a key hears of that first.
        """
        if not hasattr(self, "_json"):
            text = await self.body()
            try:
                self._json = parsed(text) if text else None
            except NotJson as error:
                self.scope[_REASON] = error
                self._json = _NO_JSON
        return self._json


def parsed(text: bytes) -> Any:
    """Parse JSON as RFC 8259 has it, each name of an object once; raises NotJson.

    Numbers with a point or exponent become Decimal.
    """
    try:
        return json.loads(
            text.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_no_such_constant,
            object_pairs_hook=_each_once,
        )
    except _Twice:
        raise NotJson("an object holds a name twice", _where_twice(text)) from None
    except UnicodeDecodeError:
        raise NotJson("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except (ValueError, ArithmeticError):
        raise NotJson("it holds a number that is none or that is too large") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        raise _Twice
    return held


class _Object(list[tuple[str, Any]]):
    """An object with all its names, as they stand in the text."""


def _where_twice(text: bytes) -> str:
    """Return the JSON pointer of an object that holds a name twice, as far as its names may be repeated."""
    left: list[tuple[str, Any]] = [("", json.loads(text, object_pairs_hook=_Object))]
    while left:
        pointer, value = left.pop()
        if isinstance(value, _Object):
            if len(dict(value)) < len(value):
                return pointer
            left += [(pointer + pointer_of([name] if nameable(name) else []), part) for name, part in value]
        elif isinstance(value, list):
            left += [(f"{pointer}/{index}", part) for index, part in enumerate(value)]
    return ""


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


def json_answer(body: Any, status: int = 200) -> Response:
    """Render an answer that was read from rows: it is not checked again."""
    return Response(to_json(body), status, media_type="application/json")
