"""What waits for a person: orders that stopped, and carriers' messages that nobody could read."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from adapters.db.queries.attention import list_quarantined, list_stopped, show_quarantined
from api.access import Caller, needs
from api.paging import Listed, Page, page_of
from api.reading import JsonRoute, json_answer
from api.schemas.attention import Quarantined, QuarantinedMessage, Stopped
from api.state import UsesServices
from domain.errors import NotFound

router = APIRouter(tags=["attention"], route_class=JsonRoute)

Ops = Annotated[Caller, needs("orders:command")]


@router.get(
    "/v1/attention", summary="Orders that wait for a person, longest first", response_model=Listed[Stopped]
)
async def list_attention(
    services: UsesServices,
    caller: Ops,  # noqa: ARG001 (the scope is what matters)
    page: Page,
    reason: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """List the orders that stopped, with the reason and since when; go on by `/v1/orders/{id}/attention`."""
    async with services.engine.connect() as connection:
        rows = await list_stopped(
            connection, reason=reason, after=page.after(datetime, str), limit=page.limit + 1
        )
    shown, cursor = page_of(rows, page, lambda row: (row["since"], row["order_id"]))
    return json_answer({"data": shown, "next_cursor": cursor})


@router.get(
    "/v1/carriers/quarantine",
    summary="Carriers' messages that could not be read, newest first",
    response_model=Listed[Quarantined],
)
async def list_quarantine(
    services: UsesServices,
    caller: Ops,  # noqa: ARG001 (the scope is what matters)
    page: Page,
    carrier: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """List authentic messages that are kept because they could not be read, and what was wrong with them."""
    (before,) = page.after(int) or (None,)
    async with services.engine.connect() as connection:
        rows = await list_quarantined(connection, carrier=carrier, before=before, limit=page.limit + 1)
    shown, cursor = page_of(rows, page, lambda row: (row["id"],))
    return json_answer({"data": shown, "next_cursor": cursor})


@router.get(
    "/v1/carriers/quarantine/{message_id}",
    summary="A message that could not be read",
    response_model=QuarantinedMessage,
)
async def read_quarantined(
    message_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    services: UsesServices,
    caller: Ops,  # noqa: ARG001 (the scope is what matters)
) -> Response:
    """Show a message as it came; it may hold personal data."""
    async with services.engine.connect() as connection:
        found = await show_quarantined(connection, message_id)
    if found is None:
        raise NotFound("There is no such message.")
    return json_answer(found)
