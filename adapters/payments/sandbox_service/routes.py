"""The provider's HTTP face for merchants: four keyed operations."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from adapters.payments.sandbox_service.accounts import Account
from adapters.payments.sandbox_service.asked import Asked
from adapters.payments.sandbox_service.desk import Desk
from adapters.payments.sandbox_service.faults import FaultsByOrder
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep

_COMMITTED: Final = declare("psp-committed", "the provider's effect is committed, not answered")

Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
Amount = Annotated[int, Field(strict=True, gt=0, le=10**15)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order_id: Text
    amount: Amount
    currency: Currency
    account: Account = Account.SANDBOX


class AuthorizeBody(_Body):
    """Set money aside on a token."""

    token: Text


class AuthorizationBody(_Body):
    """Void what is left of an authorization (whatever the amount says), or refund."""

    authorization: Text


class CaptureBody(AuthorizationBody):
    """Take money that was set aside; `final` gives the rest back."""

    final: bool = False


@dataclass(frozen=True, slots=True)
class _Call:
    """How a merchant calls: under which key, and at which url of ours."""

    key: str
    service_url: str


def _call(request: Request, key: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> _Call:
    if not key or len(key) > 255:  # noqa: PLR2004 (as long as other providers' keys)
        detail = "the header Idempotency-Key is required, up to 255 characters"
        raise HTTPException(status.HTTP_400_BAD_REQUEST, detail)
    return _Call(key, str(request.base_url))


Call = Annotated[_Call, Depends(_call)]


def operation_routes(desk: Desk, faults: FaultsByOrder, late_answer: timedelta) -> APIRouter:
    """Return the four routes. `late_answer`: how long a late answer is held back."""
    router = APIRouter()

    async def serve(step: MoneyStep, call: _Call, body: _Body) -> Response:
        met = faults.of(body.order_id)
        await asyncio.sleep(met.latency().total_seconds())
        if met.errs(call.key):
            return Response('{"code": "unavailable"}', 503, media_type="application/json")
        asked = Asked(step=step, idempotency_key=call.key, service_url=call.service_url, **body.model_dump())
        answer, late = await desk.serve(asked)
        failpoint(_COMMITTED)
        if late:
            await asyncio.sleep(late_answer.total_seconds())
        return Response(answer.body, answer.status, media_type="application/json")

    @router.post("/authorizations", status_code=201)
    async def authorize(call: Call, body: AuthorizeBody) -> Response:
        return await serve(MoneyStep.AUTHORIZE, call, body)

    @router.post("/captures", status_code=201)
    async def capture(call: Call, body: CaptureBody) -> Response:
        return await serve(MoneyStep.CAPTURE, call, body)

    @router.post("/voids", status_code=201)
    async def void(call: Call, body: AuthorizationBody) -> Response:
        return await serve(MoneyStep.VOID, call, body)

    @router.post("/refunds", status_code=201)
    async def refund(call: Call, body: AuthorizationBody) -> Response:
        return await serve(MoneyStep.REFUND, call, body)

    return router
