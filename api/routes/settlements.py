"""Settlements: a day of our ledger against the books of the payment providers."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from adapters.payments.settling import settle
from api.access import Caller, needs
from api.problems import Refusal
from api.reading import JsonRoute, json_answer
from api.schemas.settlement import SettlementShown
from api.settled import settlement_shown
from api.state import UsesServices
from domain.errors import InvalidContent
from domain.payment import PaymentUnavailable

router = APIRouter(tags=["finance"], route_class=JsonRoute)

_DAYS: Final = (date(2000, 1, 1), date(9000, 1, 1))


@router.get("/v1/settlements/{date}", summary="A day's settlement", response_model=SettlementShown)
async def read_settlement(
    day: Annotated[date, Path(alias="date", examples=["2026-11-23"])],
    services: UsesServices,
    _caller: Annotated[Caller, needs("finance:read")],
    provider: Annotated[str | None, Query(max_length=100, description="Whose books; all without it")] = None,
) -> Response:
    """Compare a day of UTC with the books of the providers, and list every difference.

    A day that is not over is shown as it stands, and is not settled.
    """
    now = services.now()
    if not _DAYS[0] <= day <= _DAYS[1]:
        raise InvalidContent("there are no books of that day")
    if day > now.date():
        raise InvalidContent("that day has not begun: nothing of it can be settled")
    if provider is not None and provider not in services.payments.names:
        raise InvalidContent("no payment provider of that name keeps books")
    try:
        settled = await settle(services.engine, services.payments, day, only=provider)
    except PaymentUnavailable as error:
        raise Refusal(503, "provider-unavailable", "The provider does not show its books now.") from error
    return json_answer(settlement_shown(day, settled, now))
