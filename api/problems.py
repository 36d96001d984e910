"""Every refusal as RFC 9457 `application/problem+json`, by one map; what was sent is never repeated."""

import logging
import traceback
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from adapters.db.engine import LookAgain, lost_connection
from api.faults import Fault, faults_of
from api.reading import why_not_json
from domain.errors import AboveCap, InvalidContent, NotFound, StateConflict, ThroughlineError

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
MALFORMED: Final = "malformed-json"

STATUSES: Final[Mapping[type[ThroughlineError], int]] = {
    NotFound: 404,
    InvalidContent: 422,
    AboveCap: 403,
    StateConflict: 409,
    ThroughlineError: 409,
}
"""A class of errors that is not named here answers as its nearest base does."""

TITLES: Final[Mapping[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
"""As RFC 9110 has them; the standard library's own words change between versions of Python."""

UNKNOWN_OUTCOME: Final = (
    "The database could not be reached or was lost while it was asked, so the outcome is unknown. "
    "Repeat the request with the same Idempotency-Key."
)
_QUERY_CANCELED: Final = "57014"
_OUT_OF_RANGE: Final = "22003"


_EXAMPLE: Final[dict[str, Any]] = {
    "type": "/problems/invalid-content",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": "The request is not of the form that is described; see errors.",
    "errors": [{"pointer": "/lines/0/quantity", "message": "must be at least 1"}],
}


class Problem(BaseModel):
    """A problem of RFC 9457; `errors` says where in the body."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    type: Annotated[str, Field(examples=["/problems/invalid-content"])]
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


class Refusal(Exception):  # noqa: N818 (it is an answer)
    """A refusal of the HTTP face itself: a key, a header, a size."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.problem = problem(status, code, detail)
        self.headers = headers


def problem(status: int, code: str, detail: str, errors: list[Fault] | None = None) -> Problem:
    """Return a problem whose type ends in the code and whose title is the status's phrase."""
    return Problem(
        type=f"/problems/{code}",
        title=TITLES.get(status, "Refused"),
        status=status,
        detail=detail,
        errors=errors or [],
    )


def problem_of(error: ThroughlineError) -> Problem:
    """Translate a refusal of the domain."""
    status = next(STATUSES[base] for base in type(error).__mro__ if base in STATUSES)
    errors = []
    if isinstance(error, InvalidContent) and error.pointer:
        errors = [Fault(pointer=error.pointer, message=error.detail)]
    return problem(status, error.code, error.detail, errors)


def rendered(answer: Problem) -> str:
    """Return the problem as JSON text; ASCII, as a pointer may hold anything."""
    return answer.model_dump_json(ensure_ascii=True, exclude_none=True)


def problem_response(answer: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem as an answer."""
    return Response(rendered(answer), answer.status, headers, media_type=MEDIA_TYPE)


def answer_domain_error(_request: Request, error: Exception) -> Response:
    """Answer a refusal of the domain."""
    if not isinstance(error, ThroughlineError):
        raise error
    return problem_response(problem_of(error))


def answer_refusal(_request: Request, error: Exception) -> Response:
    """Answer a refusal of the HTTP face."""
    if not isinstance(error, Refusal):
        raise error
    return problem_response(error.problem, error.headers)


def answer_http_error(_request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such path, no such method."""
    if not isinstance(error, HTTPException):
        raise error
    title = TITLES.get(error.status_code, "Refused")
    code = title.lower().replace(" ", "-")
    return problem_response(problem(error.status_code, code, f"{title}."), error.headers)


def answer_invalid_request(request: Request, error: Exception) -> Response:
    """Answer a request that is not of the declared shape: 400, 415 or 422, by what is wrong with it."""
    if not isinstance(error, RequestValidationError):
        raise error
    if any(fault["loc"][:2] == ("header", "Idempotency-Key") for fault in error.errors()):
        detail = "The header Idempotency-Key is required: 1 to 255 visible ASCII characters."
        return problem_response(problem(400, "idempotency-key-required", detail))
    if reason := why_not_json(request):
        detail = f"The body is not JSON: {reason}."
        return problem_response(
            problem(422, MALFORMED, detail, [Fault(pointer=reason.pointer, message=detail)])
        )
    if isinstance(error.body, bytes) and error.body:
        detail = "The body must be JSON, and say so: Content-Type: application/json."
        return problem_response(problem(415, "unsupported-media-type", detail))
    detail = "The request is not of the form that is described; see errors."
    return problem_response(problem(422, InvalidContent.code, detail, faults_of(error.errors(), error.body)))


def answer_failure(error: Exception) -> Response:
    """Answer what nobody foresaw, without its inner text: 503 when the outcome is unknown, else 500.

    A sum that no column holds, as of units at a location, is left to the database to find: 422.
    """
    if _no_answer_from_database(error):
        log.warning("the database gave no answer: %s", type(error).__name__)
        return problem_response(problem(503, "outcome-unknown", UNKNOWN_OUTCOME), {"Retry-After": "1"})
    if _sqlstate(error) == _OUT_OF_RANGE:
        detail = "A number would grow beyond what can be kept."
        return problem_response(problem(422, "out-of-range", detail))
    _log_without_values(error)
    return problem_response(problem(500, "internal-error", "Something went wrong here; it has been logged."))


def _no_answer_from_database(error: Exception) -> bool:
    if isinstance(error, LookAgain | PoolExhausted):
        return True
    return _sqlstate(error) == _QUERY_CANCELED or lost_connection(error)


def _sqlstate(error: BaseException) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state


def _log_without_values(error: BaseException) -> None:
    # The text of an error can hold what was sent (a statement's parameters, a field's value): only the
    # kinds of the errors and the places they came by are logged.
    chain: list[dict[str, Any]] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 10:  # noqa: PLR2004 (a cycle ends somewhere)
        sqlstate = getattr(getattr(cause, "orig", None), "sqlstate", None)
        kind = f"{type(cause).__name__}({sqlstate})" if sqlstate else type(cause).__name__
        chain.append({"kind": kind, "at": "".join(traceback.format_tb(cause.__traceback__))})
        cause = cause.__cause__ or cause.__context__
    story = "\nafter\n".join(f"{link['kind']}\n{link['at']}" for link in chain)
    log.error("request failed: %s", story)
