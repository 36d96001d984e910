"""A POST takes effect once: its answer is kept in the transaction of its effect, and repeats get it again."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any, Final, NamedTuple

from fastapi import Request, Response
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import in_transaction
from adapters.db.idempotency import Recorded, RequestName, claim, record
from api.access import Caller
from api.problems import MALFORMED, MEDIA_TYPE, Refusal, problem_of, rendered
from api.reading import MEBIBYTE, NotJson, why_not_json
from api.state import Services
from config.failpoints import declare, failpoint
from domain.errors import ThroughlineError

_WRITTEN: Final = declare("api-written", "a POST's effect and answer are written, not yet committed")
_COMMITTED: Final = declare("api-committed", "a POST's effect and answer are committed, not yet sent")
_VISIBLE_ASCII: Final = re.compile(r"[\x21-\x7e]{1,255}")
_FIRST_ERROR: Final = 400
_EXACT: Final = Context(prec=MEBIBYTE, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Holds every number that a body can hold, without rounding."""


class Answer(NamedTuple):
    """What a route answers: a status, and anything that JSON can say."""

    status: int
    body: Any


Work = Callable[[AsyncConnection], Awaitable[Answer]]


async def once(services: Services, caller: Caller, request: Request, work: Work) -> Response:
    """Do the work in one transaction, unless it was done: then answer as before.

    A refusal by the domain undoes the work and is kept as the answer. The work may run more than
    once before it is committed, so it must do nothing outside the transaction.
    """
    name = RequestName(caller.key_id, request.method, request.url.path, _idempotency_key(request))
    body_hash = _hash_of_sent(request, await request.json())

    async def transaction(connection: AsyncConnection) -> tuple[Recorded, bool]:
        earlier = await claim(connection, name, body_hash, services.now())
        if earlier is not None:
            return earlier, True
        status, text = await _worked(connection, work)
        await record(connection, name, status, text)
        failpoint(_WRITTEN)
        return Recorded(body_hash, status, text), False

    recorded, replayed = await in_transaction(services.engine, transaction)
    failpoint(_COMMITTED)
    return _response(recorded, body_hash, replayed=replayed)


def hash_of(body: Any) -> str:
    """Return the SHA-256 of a parsed body's canonical JSON: the order of fields and 1.0 for 1.00 are one."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), default=_exactly)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _hash_of_sent(request: Request, body: Any) -> str:
    # A route without a body of its own has not looked at what was sent.
    reason = why_not_json(request)
    try:
        if reason is None:
            return hash_of(body)
    except RecursionError:
        reason = NotJson("it is nested too deeply")
    raise Refusal(422, MALFORMED, f"The body is not JSON: {reason}.")


def _exactly(number: Any) -> list[str]:
    if not isinstance(number, Decimal):
        raise TypeError(type(number).__name__)
    return ["decimal", str(number.normalize(_EXACT))]


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _VISIBLE_ASCII.fullmatch(key):
        detail = "The header Idempotency-Key is required: 1 to 255 visible ASCII characters."
        raise Refusal(400, "idempotency-key-required", detail)
    return key


async def _worked(connection: AsyncConnection, work: Work) -> tuple[int, str]:
    try:
        async with connection.begin_nested():
            answer = await work(connection)
    except ThroughlineError as error:
        refused = problem_of(error)
        return refused.status, rendered(refused)
    return answer.status, to_json(answer.body).decode()


def _response(recorded: Recorded, body_hash: str, *, replayed: bool) -> Response:
    if recorded.body_hash != body_hash:
        detail = "This Idempotency-Key was used for a request with another body."
        raise Refusal(422, "idempotency-key-reused", detail)
    if recorded.status is None or recorded.answer is None:
        detail = "The first request of this Idempotency-Key is still under way; repeat it later."
        raise Refusal(409, "request-under-way", detail, {"Retry-After": "1"})
    return Response(
        recorded.answer,
        recorded.status,
        {"Idempotency-Replayed": "true"} if replayed else None,
        media_type=MEDIA_TYPE if recorded.status >= _FIRST_ERROR else "application/json",
    )
