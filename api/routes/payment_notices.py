"""Payment providers tell what became of an effect: proof first, then the inbox, then what it says."""

import hashlib
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import in_transaction
from adapters.db.payment_notices import Unreadable, quarantine, take_notice
from adapters.payments.providers import UnknownProvider
from api.problems import Refusal
from api.schemas.notice_taken import NoticeTaken, NoticeTakenAs
from api.state import Services, UsesServices
from api.vendor_body import raw_body
from config.failpoints import declare, failpoint
from domain.errors import NotFound
from domain.payment import NoticeRefused, PaymentNotice, PaymentProvider

router = APIRouter(tags=["payments"])

_WRITTEN: Final = declare("notice-written", "what a payment provider told is written, not yet committed")
_TAKEN_IN: Final = declare("notice-taken-in", "a payment notice is committed, the provider has no answer")

_NOTICE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The provider's own payload, with its own proof.",
        "content": {"application/json": {"schema": {"type": "object"}, "example": {"id": "evt_1"}}},
    },
}


@router.post(
    "/v1/payments/{provider}/notices",
    summary="A payment provider's notice",
    openapi_extra=_NOTICE,
    responses={
        401: {"description": "The sender did not prove who it is"},
        413: {"description": "A notice has at most 1 MiB"},
    },
)
async def take_payment_notice(provider: str, request: Request, services: UsesServices) -> NoticeTaken:
    """Take what a provider tells: 401 without proof; what is unreadable is kept, and answered 200."""
    try:
        named = services.payments.named(provider)
    except UnknownProvider:
        raise NotFound("There is no such payment provider.") from None
    body = await raw_body(request, "A notice")
    outcome = await _take(services, provider, _read(named, request, body))
    failpoint(_TAKEN_IN)
    return NoticeTaken(status=outcome)


def _read(provider: PaymentProvider, request: Request, body: bytes) -> PaymentNotice | Unreadable | None:
    try:
        return provider.read_notice(request.headers, body)
    except NoticeRefused:
        raise Refusal(401, "bad-proof", "The notice is not signed by this provider.") from None
    except ValueError as error:
        return Unreadable(hashlib.sha256(body).hexdigest(), body, type(error).__name__)


async def _take(
    services: Services, provider: str, notice: PaymentNotice | Unreadable | None
) -> NoticeTakenAs:
    if notice is None:
        return "ignored"

    async def work(connection: AsyncConnection) -> NoticeTakenAs:
        now = services.now()
        if isinstance(notice, Unreadable):
            return "quarantined" if await quarantine(connection, provider, notice, now) else "duplicate"
        state = await take_notice(connection, provider, notice, services.payment_policy, now)
        failpoint(_WRITTEN)
        return "duplicate" if state is None else state.value

    return await in_transaction(services.engine, work)
