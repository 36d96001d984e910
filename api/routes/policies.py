"""Routing policies: read, and put in versions, as JSON or YAML."""

from itertools import takewhile
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from adapters.db.policies import StoredPolicy, list_policies, put_policy, read_policy
from adapters.policies import Fault, PolicyDocument, UnusablePolicy, from_plain, from_yaml, to_plain, to_yaml
from api.access import Caller, needs
from api.faults import Fault as Shown
from api.faults import nameable, pointer_of
from api.paging import Listed, Page, page_of
from api.problems import Refusal, problem, problem_response
from api.reading import JsonRoute, json_answer, why_not_json
from api.schemas.policy import DOCUMENT, PolicyShown
from api.state import UsesServices
from domain.errors import InvalidContent

router = APIRouter(tags=["routing"], route_class=JsonRoute)

_MOST_FAULTS: Final = 100
_YAML: Final = "application/yaml"
_JSON: Final = "application/json"
_YAMLS: Final = frozenset({_YAML, "application/x-yaml", "text/yaml", "text/x-yaml"})
_AS_YAML: Final[dict[str, Any]] = {_YAML: {"schema": {"type": "string"}}}
_SHOWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": _AS_YAML, "description": "The policy; as YAML where Accept asks for it"}
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {_JSON: {"schema": {"type": "object", "example": DOCUMENT}}, **_AS_YAML},
    }
}

Name = Annotated[str, Path(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", examples=["web-first"])]


@router.get("/v1/routing/policies", summary="Routing policies, by name", response_model=Listed[PolicyShown])
async def read_policies(
    page: Page, services: UsesServices, _caller: Annotated[Caller, needs("routing:read")]
) -> Response:
    """List the stored policies in their newest versions. The presets are not among them."""
    after = page.after(str)
    async with services.engine.connect() as connection:
        rows = await list_policies(connection, after=after[0] if after else "", limit=page.limit + 1)
    shown, cursor = page_of(rows, page, lambda stored: (stored.policy.name,))
    return json_answer({"data": [_shown(stored) for stored in shown], "next_cursor": cursor})


@router.get(
    "/v1/routing/policies/{name}",
    summary="A routing policy",
    response_model=PolicyShown,
    responses=_SHOWN,
)
async def read_one_policy(
    name: Name,
    request: Request,
    services: UsesServices,
    _caller: Annotated[Caller, needs("routing:read")],
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The newest without it")] = None,
) -> Response:
    """Show a version of a policy, or a preset; with `Accept: application/yaml` as it would be put."""
    async with services.engine.connect() as connection:
        stored = await read_policy(connection, name, version)
    return _answer(stored, request)


@router.put(
    "/v1/routing/policies/{name}",
    summary="Put a new version of a routing policy",
    response_model=PolicyShown,
    responses={**_SHOWN, 409: {"description": "Another version is the newest, or the policy would tie"}},
    openapi_extra=_BODY,
)
async def put_one_policy(
    name: Name,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs("routing:write")],
    replaces: Annotated[
        int | None,
        Query(ge=0, le=2**31 - 1, description="The version that has to be the newest, 0 for none"),
    ] = None,
) -> Response:
    """Check the policy and write it as the next version; old versions stay readable for ever.

    The same content again changes nothing. A policy that can never match, that contradicts itself, or
    that would tie with another one is refused with the reason.
    """
    try:
        document = await _document(name, request)
    except UnusablePolicy as error:
        return _refused(error)
    async with services.engine.begin() as connection:
        stored = await put_policy(
            connection, document, replaces=replaces, actor=caller.actor, now=services.now()
        )
    return _answer(stored, request)


async def _document(name: str, request: Request) -> PolicyDocument:
    sent = request.headers.get("content-type", _JSON).split(";")[0].strip().lower()
    if sent in _YAMLS:
        return from_yaml(_text(await request.body()), name=name)
    if sent != _JSON:
        raise Refusal(415, "unsupported-media-type", f"A policy is {_JSON} or {_YAML}.")
    content = await request.json()
    if reason := why_not_json(request):
        raise UnusablePolicy((Fault((), f"is not JSON: {reason}"),))
    return from_plain(content, name=name)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UnusablePolicy((Fault((), "is not UTF-8"),)) from None


def _repeatable(part: str | int) -> bool:
    return isinstance(part, int) or nameable(part)


def _refused(error: UnusablePolicy) -> Response:
    told = [
        Shown(
            pointer=pointer_of(list(takewhile(_repeatable, fault.path))),
            message=fault.message if fault.line is None else f"line {fault.line}: {fault.message}",
        )
        for fault in error.faults[:_MOST_FAULTS]
    ]
    detail = "The policy cannot be used; see errors."
    return problem_response(problem(422, InvalidContent.code, detail, told))


def _answer(stored: StoredPolicy, request: Request) -> Response:
    if any(kind in request.headers.get("accept", "") for kind in _YAMLS):
        text = f"# version {stored.policy.version}\n{to_yaml(stored.document)}"
        return Response(text, media_type=_YAML)
    return json_answer(_shown(stored))


def _shown(stored: StoredPolicy) -> dict[str, Any]:
    return {
        "name": stored.policy.name,
        "version": stored.policy.version,
        "preset": stored.put_at is None,
        "valid_from": stored.valid_from,
        "valid_to": stored.valid_to,
        "put_at": stored.put_at,
        "put_by": stored.put_by,
        "policy": to_plain(stored.document),
    }
