"""The provider's HTTP face for merchants: four keyed operations."""

import asyncio
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, HTTPException, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from adapters.payments.sandbox_service.desk import Desk
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep, PaymentRequest

_COMMITTED: Final = declare("psp-committed", "the provider's effect is committed, not answered")

Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
Amount = Annotated[int, Field(strict=True, gt=0, le=10**15)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order_id: Text
    amount: Amount
    currency: Currency


class AuthorizeBody(_Body):
    """Set money aside on a token."""

    token: Text


class AuthorizationBody(_Body):
    """Void what is left of an authorization (whatever the amount says), or refund."""

    authorization: Text


class CaptureBody(AuthorizationBody):
    """Take money that was set aside; `final` gives the rest back."""

    final: bool = False


def _required_key(key: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> str:
    if not key or len(key) > 255:  # noqa: PLR2004 (as long as other providers' keys)
        detail = "the header Idempotency-Key is required, up to 255 characters"
        raise HTTPException(status.HTTP_400_BAD_REQUEST, detail)
    return key


Key = Annotated[str, Depends(_required_key)]


def operation_routes(desk: Desk, late_answer: timedelta) -> APIRouter:
    """Return the four routes. `late_answer`: how long a late answer is held back."""
    router = APIRouter()

    async def serve(step: MoneyStep, key: str, body: _Body) -> Response:
        request = PaymentRequest(step=step, idempotency_key=key, **body.model_dump())
        answer, late = await desk.serve(request)
        failpoint(_COMMITTED)
        if late:
            await asyncio.sleep(late_answer.total_seconds())
        return Response(answer.body, answer.status, media_type="application/json")

    @router.post("/authorizations", status_code=201)
    async def authorize(key: Key, body: AuthorizeBody) -> Response:
        return await serve(MoneyStep.AUTHORIZE, key, body)

    @router.post("/captures", status_code=201)
    async def capture(key: Key, body: CaptureBody) -> Response:
        return await serve(MoneyStep.CAPTURE, key, body)

    @router.post("/voids", status_code=201)
    async def void(key: Key, body: AuthorizationBody) -> Response:
        return await serve(MoneyStep.VOID, key, body)

    @router.post("/refunds", status_code=201)
    async def refund(key: Key, body: AuthorizationBody) -> Response:
        return await serve(MoneyStep.REFUND, key, body)

    return router
