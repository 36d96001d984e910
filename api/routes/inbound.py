"""Inbound supply: what suppliers announced, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import in_transaction
from adapters.db.inbound import Announcement, announce, cancel, change, receive
from adapters.db.queries.inbound import InboundFilter, InboundStatus, list_inbound, show_inbound
from api.access import Caller, needs, needs_keyed
from api.bodies import Body, Identifier, Moment, Quantity
from api.cells import check_cell
from api.idempotency import Answer, once
from api.paging import Listed, Page, page_of
from api.reading import JsonRoute, json_answer
from api.schemas.inbound_supply import InboundSupply
from api.state import UsesServices
from domain.errors import NotFound

router = APIRouter(prefix="/v1/inventory/inbound", tags=["inventory"], route_class=JsonRoute)

Reader = Annotated[Caller, needs("inventory:read")]
Writer = Annotated[Caller, needs_keyed("inventory:write")]


class InboundPosted(Body):
    """Units that will come: the same location, product and reference name the same supply."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "location_id": "denver-dc",
                "sku": "MUG-BLUE",
                "quantity": 120,
                "expected_at": "2026-12-01T08:00:00Z",
                "reference": "PO-4711",
            }
        }
    )

    location_id: Identifier
    sku: Identifier
    quantity: Quantity
    expected_at: Moment
    reference: Identifier


class InboundPut(Body):
    """What is to come in all, and when, by what is known now."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"quantity": 100, "expected_at": "2026-12-08T08:00:00Z"}}
    )

    quantity: Quantity
    expected_at: Moment


class ReceiptPosted(Body):
    """Units that came."""

    model_config = ConfigDict(json_schema_extra={"example": {"quantity": 40}})

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class InboundAsked:
    """Which supply: `location_id` is another name for `location`."""

    location: Annotated[str | None, Query(max_length=100)] = None
    location_id: Annotated[str | None, Query(max_length=100, description="The same as `location`")] = None
    sku: Annotated[str | None, Query(max_length=100)] = None
    status: Annotated[InboundStatus | None, Query()] = None


@router.post(
    "",
    status_code=201,
    summary="Announce supply",
    response_model=InboundSupply,
    responses={200: {"model": InboundSupply, "description": "The same was announced before"}},
)
async def announce_supply(
    body: InboundPosted, request: Request, services: UsesServices, caller: Writer
) -> Response:
    """Say what will come and when; orders that wait for it are promised its date."""
    new = Announcement(body.location_id, body.sku, body.quantity, body.expected_at, body.reference)

    async def work(connection: AsyncConnection) -> Answer:
        await check_cell(connection, body.location_id, body.sku, caller, in_body=True)
        created = await announce(connection, new, now=services.now())
        return Answer(201 if created else 200, await show_inbound(connection, new.id))

    return await once(services, caller, request, work)


@router.get(
    "",
    summary="Announced supply, the first expected first",
    response_model=Listed[InboundSupply],
    responses={404: {"description": "The location is not yours"}},
)
async def list_supply(
    services: UsesServices, caller: Reader, page: Page, asked: Annotated[InboundAsked, Depends()]
) -> Response:
    """List what was announced; a location's key sees its own."""
    location_id = asked.location or asked.location_id
    if location_id is not None and not caller.works_at(location_id):
        raise NotFound("There is no such location.")
    wanted = InboundFilter(location_id or caller.location_id, asked.sku, asked.status)
    async with services.engine.connect() as connection:
        rows = await list_inbound(connection, wanted, after=page.after(datetime, str), limit=page.limit + 1)
    shown, cursor = page_of(rows, page, lambda row: (row["expected_at"], row["id"]))
    return json_answer({"data": shown, "next_cursor": cursor})


@router.get("/{inbound_id}", summary="Announced supply", response_model=InboundSupply)
async def read_supply(inbound_id: str, services: UsesServices, caller: Reader) -> Response:
    """Show what was announced, and what came of it."""
    async with services.engine.connect() as connection:
        return json_answer(await _yours(connection, inbound_id, caller))


@router.put(
    "/{inbound_id}",
    summary="Correct announced supply",
    response_model=InboundSupply,
    responses={409: {"description": "It has ended: all has come, or it was cancelled"}},
)
async def change_supply(
    inbound_id: str,
    body: InboundPut,
    services: UsesServices,
    caller: Annotated[Caller, needs("inventory:write")],
) -> Response:
    """Give another date or quantity; 409 once it has ended."""

    async def put(connection: AsyncConnection) -> dict[str, Any]:
        await _yours(connection, inbound_id, caller)
        await change(
            connection,
            inbound_id,
            quantity=body.quantity,
            expected_at=body.expected_at,
            now=services.now(),
        )
        return await _yours(connection, inbound_id, caller)

    return json_answer(await in_transaction(services.engine, put))


@router.post("/{inbound_id}/receive", summary="Book supply in", response_model=InboundSupply)
async def receive_supply(
    inbound_id: str, body: ReceiptPosted, request: Request, services: UsesServices, caller: Writer
) -> Response:
    """Book in what came, all or a part, even more than was announced; those who wait get it first."""

    async def work(connection: AsyncConnection) -> Answer:
        await _yours(connection, inbound_id, caller)
        now = services.now()
        await receive(connection, inbound_id, quantity=body.quantity, actor=caller.actor, now=now)
        return Answer(200, await show_inbound(connection, inbound_id))

    return await once(services, caller, request, work)


@router.post("/{inbound_id}/cancel", summary="Expect no more of it", response_model=InboundSupply)
async def cancel_supply(
    inbound_id: str, request: Request, services: UsesServices, caller: Writer
) -> Response:
    """Say that nothing more will come; orders that were promised its date are told."""

    async def work(connection: AsyncConnection) -> Answer:
        await _yours(connection, inbound_id, caller)
        await cancel(connection, inbound_id, now=services.now())
        return Answer(200, await show_inbound(connection, inbound_id))

    return await once(services, caller, request, work)


async def _yours(connection: AsyncConnection, inbound_id: str, caller: Caller) -> dict[str, Any]:
    shown = await show_inbound(connection, inbound_id)
    if shown is None or not caller.works_at(shown["location_id"]):
        raise NotFound("There is no such supply.")
    return shown
