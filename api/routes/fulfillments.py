"""Fulfillment orders: a location's work list, and its steps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db import location_steps, shipping
from adapters.db.carriage import lock_numbers
from adapters.db.location_steps import order_of
from adapters.db.locked_order import LockedOrder, lock_order
from adapters.db.order_rows import Work
from adapters.db.queries.fulfillments import list_work, show_fulfillment
from api.access import Caller, needs, needs_keyed
from api.fulfillment_bodies import PickPosted, RejectPosted, ShipPosted
from api.idempotency import Answer, once
from api.paging import Listed, Page, page_of
from api.reading import JsonRoute, json_answer
from api.schemas.fulfillment import FulfillmentOrder
from api.state import Services, UsesServices
from domain.errors import NotFound
from domain.fulfillment_status import FulfillmentStatus

router = APIRouter(prefix="/v1/fulfillments", tags=["fulfillments"], route_class=JsonRoute)

Reader = Annotated[Caller, needs("fulfillments:read")]
Worker = Annotated[Caller, needs_keyed("fulfillments:write")]
Take = Callable[[LockedOrder, Work], Awaitable[None]]

_NOT_YOURS: Final = "There is no such fulfillment order."


@dataclass(frozen=True, slots=True)
class WorkAsked:
    """Which work: `location_id` is another name for `location`."""

    location: Annotated[str | None, Query(max_length=100)] = None
    location_id: Annotated[str | None, Query(max_length=100, description="The same as `location`")] = None
    status: Annotated[list[FulfillmentStatus] | None, Query()] = None


@router.get(
    "",
    summary="A work list, oldest first",
    response_model=Listed[FulfillmentOrder],
    responses={404: {"description": "The location is not yours"}},
)
async def list_fulfillments(
    services: UsesServices, caller: Reader, page: Page, asked: Annotated[WorkAsked, Depends()]
) -> Response:
    """List what locations are asked to do; a location's key sees its own work only."""
    location = asked.location or asked.location_id
    if location is not None and not caller.works_at(location):
        raise NotFound("There is no such location.")
    async with services.engine.connect() as connection:
        rows = await list_work(
            connection,
            location_id=location or caller.location_id,
            status=[one.value for one in asked.status or ()],
            after=page.after(datetime, str),
            limit=page.limit + 1,
        )
    shown, cursor = page_of(rows, page, lambda row: (row["created_at"], row["id"]))
    return json_answer({"data": shown, "next_cursor": cursor})


@router.get("/{fulfillment_id}", summary="One fulfillment order", response_model=FulfillmentOrder)
async def read_fulfillment(fulfillment_id: str, services: UsesServices, caller: Reader) -> Response:
    """Show what one location is asked to do."""
    async with services.engine.connect() as connection:
        await _owned(connection, fulfillment_id, caller)
        return json_answer(await show_fulfillment(connection, fulfillment_id))


@router.post(
    "/{fulfillment_id}/accept", summary="The location takes the work on", response_model=FulfillmentOrder
)
async def accept(fulfillment_id: str, request: Request, services: UsesServices, caller: Worker) -> Response:
    """Accept the work as it is now."""
    return await _step(services, caller, request, fulfillment_id, location_steps.accept)


@router.post("/{fulfillment_id}/reject", summary="The location cannot do it", response_model=FulfillmentOrder)
async def reject(
    fulfillment_id: str, body: RejectPosted, request: Request, services: UsesServices, caller: Worker
) -> Response:
    """Reject the work: it is routed again, without this location."""

    async def take(order: LockedOrder, work: Work) -> None:
        cool_off = services.settings.cool_off
        await location_steps.reject(order, work, reason=body.reason, cool_off=cool_off)

    return await _step(services, caller, request, fulfillment_id, take)


@router.post("/{fulfillment_id}/pick", summary="What was found", response_model=FulfillmentOrder)
async def pick(
    fulfillment_id: str,
    request: Request,
    services: UsesServices,
    caller: Worker,
    body: PickPosted | None = None,
) -> Response:
    """Report what is in hand; less than asked is a short pick, and the rest is routed again."""

    async def take(order: LockedOrder, work: Work) -> None:
        await location_steps.pick(order, work, body.found() if body is not None else None)

    return await _step(services, caller, request, fulfillment_id, take)


@router.post("/{fulfillment_id}/pack", summary="The units are packed", response_model=FulfillmentOrder)
async def pack(fulfillment_id: str, request: Request, services: UsesServices, caller: Worker) -> Response:
    """Report that everything in hand is packed."""
    return await _step(services, caller, request, fulfillment_id, location_steps.pack)


@router.post("/{fulfillment_id}/ship", summary="Parcels leave", response_model=FulfillmentOrder)
async def ship(
    fulfillment_id: str, body: ShipPosted, request: Request, services: UsesServices, caller: Worker
) -> Response:
    """Ship parcels. 409 says what to put back, when a cancel or a change came first."""

    async def work(connection: AsyncConnection) -> Answer:
        await lock_numbers(connection, [parcel.tracking_number for parcel in body.shipped()])
        async with _open(connection, services, caller, fulfillment_id) as (order, asked):
            await shipping.ship(
                order, asked, body.shipped(), version=body.version, lost_after=services.settings.lost_after
            )
        return Answer(200, await show_fulfillment(connection, fulfillment_id))

    return await once(services, caller, request, work)


@router.post(
    "/{fulfillment_id}/ready", summary="The customer can come for it", response_model=FulfillmentOrder
)
async def ready(fulfillment_id: str, request: Request, services: UsesServices, caller: Worker) -> Response:
    """Report that a pickup lies ready."""
    return await _step(services, caller, request, fulfillment_id, location_steps.make_ready)


@router.post(
    "/{fulfillment_id}/collect", summary="The customer has come for it", response_model=FulfillmentOrder
)
async def collect(fulfillment_id: str, request: Request, services: UsesServices, caller: Worker) -> Response:
    """Report that a pickup was collected: it is delivered."""
    return await _step(services, caller, request, fulfillment_id, shipping.collect)


async def _step(
    services: Services, caller: Caller, request: Request, fulfillment_id: str, take: Take
) -> Response:
    async def work(connection: AsyncConnection) -> Answer:
        async with _open(connection, services, caller, fulfillment_id) as (order, asked):
            await take(order, asked)
        return Answer(200, await show_fulfillment(connection, fulfillment_id))

    return await once(services, caller, request, work)


@asynccontextmanager
async def _open(
    connection: AsyncConnection, services: Services, caller: Caller, fulfillment_id: str
) -> AsyncIterator[tuple[LockedOrder, Work]]:
    """The order under its lock, with the work that is stepped; saved when the step was legal."""
    order_id = await _owned(connection, fulfillment_id, caller)
    order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
    work = order.works[fulfillment_id]
    if work.status is FulfillmentStatus.PLANNED:
        shipping.check_released(order)
    yield order, work
    await order.save()


async def _owned(connection: AsyncConnection, fulfillment_id: str, caller: Caller) -> str:
    order_id, location_id = await order_of(connection, fulfillment_id)
    if not caller.works_at(location_id):
        raise NotFound(_NOT_YOURS)
    return order_id
