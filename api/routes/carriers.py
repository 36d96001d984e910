"""Carriers post what happens to parcels: proof first, then the inbox, then what it says."""

import hashlib
import json
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.carriers import generic
from adapters.db.carriage import CarrierMessage, record_scan, take_in
from adapters.db.engine import in_transaction
from adapters.standard_webhooks import BadProof, verify
from api.problems import Refusal
from api.schemas.scan_taken import ScanTaken, TakenAs
from api.state import Services, UsesServices
from api.vendor_body import raw_body
from config.failpoints import declare, failpoint
from domain.errors import NotFound

router = APIRouter(tags=["carriers"])

_WRITTEN: Final = declare("scan-written", "a carrier's scan is written, not yet committed")
_TAKEN_IN: Final = declare("scan-taken-in", "a carrier's scan is committed, the carrier has no answer")

_EVENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The carrier's own payload. For `generic`: signed by Standard Webhooks.",
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {
                    "tracking_number": "T1",
                    "status": "delivered",
                    "occurred_at": "2026-11-23T09:30:00Z",
                    "event_id": "e-1",
                },
            }
        },
    },
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ],
}


@router.post(
    "/v1/carriers/{carrier}/events",
    summary="A carrier's tracking event",
    openapi_extra=_EVENT,
    responses={
        401: {"description": "The sender did not prove who it is"},
        413: {"description": "An event has at most 1 MiB"},
    },
)
async def take_event(carrier: str, request: Request, services: UsesServices) -> ScanTaken:
    """Take a carrier's event: 401 without proof; unreadable ones are kept in quarantine and answered 200."""
    if carrier != "generic":
        raise NotFound("There is no such carrier.")
    body = await raw_body(request, "An event")
    try:
        verify(body, request.headers, _secret(services, carrier))
    except BadProof:
        raise Refusal(401, "bad-proof", "The event is not signed by this carrier.") from None
    outcome = await _take(services, carrier, body)
    failpoint(_TAKEN_IN)
    return ScanTaken(status=outcome)


def _secret(services: Services, carrier: str) -> str:
    path = services.settings.carrier_secrets_file
    known = json.loads(path.read_text()).get("carriers", {}) if path is not None else {}
    if carrier not in known:
        raise Refusal(401, "bad-proof", "This installation has no secret for the carrier.")
    return str(known[carrier]["secret"])


async def _take(services: Services, carrier: str, body: bytes) -> TakenAs:
    error, update = None, None
    try:
        update = generic.parse(body)
    except generic.Unreadable as unreadable:
        error = str(unreadable)
    key = (update and update.event_id) or hashlib.sha256(body).hexdigest()
    message = CarrierMessage(carrier, key, body)

    async def work(connection: AsyncConnection) -> TakenAs:
        if not await take_in(connection, message, error=error, now=services.now()):
            return "duplicate"
        if update is None:
            return "quarantined"
        await record_scan(connection, carrier, update.tracking_number, update.scan, services.now())
        failpoint(_WRITTEN)
        return "taken"

    return await in_transaction(services.engine, work)
