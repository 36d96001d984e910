"""Returns: asked for, received at any location, inspected, called off."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db import returns_inspection, returns_receiving
from adapters.db.locked_order import lock_order
from adapters.db.locked_return import LockedReturn, lock_return
from adapters.db.queries.orders import channel_of
from adapters.db.queries.returns import ReturnFilter, list_returns, order_of_return, show_return
from adapters.db.returns import cancel_return, reject_return, request_return
from api.access import Caller, needs, needs_keyed
from api.commanded import visible
from api.idempotency import Answer, once
from api.paging import Listed, Page, page_of
from api.problems import Refusal
from api.reading import JsonRoute, json_answer
from api.return_bodies import (
    InspectPosted,
    ReceivePosted,
    ReturnCancelPosted,
    ReturnPosted,
    ReturnRejectPosted,
)
from api.schemas.return_ import Return
from api.state import Services, UsesServices
from domain.errors import NotFound
from domain.return_status import ReturnStatus

router = APIRouter(tags=["returns"], route_class=JsonRoute)

Reader = Annotated[Caller, needs("returns:write")]
Asker = Annotated[Caller, needs_keyed("orders:write|orders:command")]
Receiver = Annotated[Caller, needs_keyed("returns:write", "inventory:write")]
Ops = Annotated[Caller, needs_keyed("orders:command")]
Command = Callable[[LockedReturn], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ReturnsAsked:
    """Which returns; all filters that are given must hold."""

    status: Annotated[list[ReturnStatus] | None, Query()] = None
    order: Annotated[str | None, Query(max_length=100, description="The order's id")] = None
    location: Annotated[str | None, Query(max_length=100, description="Where some of it came in")] = None


@router.post(
    "/v1/orders/{order_id}/returns", status_code=201, summary="Send units back", response_model=Return
)
async def ask_for_return(
    order_id: str, body: ReturnPosted, request: Request, services: UsesServices, caller: Asker
) -> Response:
    """Ask to send delivered units back; 409 when the return window is over, or for more than there are."""

    async def work(connection: AsyncConnection) -> Answer:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        expires_after = services.settings.return_expires
        name = await request_return(order, body.asked(), body.refund_to, expires_after=expires_after)
        await order.save()
        return Answer(201, await show_return(connection, name))

    return await once(services, caller, request, work)


@router.get("/v1/returns", summary="Returns, newest first", response_model=Listed[Return])
async def read_returns(
    services: UsesServices, caller: Reader, page: Page, asked: Annotated[ReturnsAsked, Depends()]
) -> Response:
    """List returns; a storefront sees those of its own channels, a location all: any may come in there."""
    wanted = ReturnFilter(
        channels=caller.channels or None,
        status=[one.value for one in asked.status or ()],
        order=asked.order,
        location=asked.location,
    )
    async with services.engine.connect() as connection:
        rows = await list_returns(connection, wanted, after=page.after(datetime, str), limit=page.limit + 1)
    shown, cursor = page_of(rows, page, lambda row: (row["requested_at"], row["id"]))
    return json_answer({"data": shown, "next_cursor": cursor})


@router.get("/v1/returns/{return_id}", summary="One return", response_model=Return)
async def read_return(return_id: str, services: UsesServices, caller: Reader) -> Response:
    """Show a return with what came of it."""
    async with services.engine.connect() as connection:
        await _order_of(connection, return_id, caller)
        return json_answer(await show_return(connection, return_id))


@router.post("/v1/returns/{return_id}/receive", summary="Units came in", response_model=Return)
async def receive_return(
    return_id: str, body: ReceivePosted, request: Request, services: UsesServices, caller: Receiver
) -> Response:
    """Take units in, at any location; a location's key does so at its own. More than is expected is 409."""
    if not caller.works_at(body.location_id):
        raise Refusal(403, "forbidden", "The key receives returns at its own location only.")

    async def command(held: LockedReturn) -> None:
        await returns_receiving.receive(held, body.location_id, body.came())

    return await _on_return(services, caller, request, return_id, command)


@router.post("/v1/returns/{return_id}/inspect", summary="What becomes of the units", response_model=Return)
async def inspect_return(
    return_id: str, body: InspectPosted, request: Request, services: UsesServices, caller: Receiver
) -> Response:
    """Give units that came in their disposition: stock and refund follow. Others are 409."""

    async def command(held: LockedReturn) -> None:
        policy = services.settings.return_policy
        await returns_inspection.inspect(held, body.judged(), policy, only_at=caller.location_id)

    return await _on_return(services, caller, request, return_id, command)


@router.post("/v1/returns/{return_id}/cancel", summary="The customer keeps it", response_model=Return)
async def cancel_the_return(
    return_id: str, body: ReturnCancelPosted, request: Request, services: UsesServices, caller: Asker
) -> Response:
    """Call the return off; 409 once something of it has come in."""

    async def command(held: LockedReturn) -> None:
        await cancel_return(held, reason=body.reason)

    return await _on_return(services, caller, request, return_id, command)


@router.post("/v1/returns/{return_id}/reject", summary="It is not taken back", response_model=Return)
async def reject_the_return(
    return_id: str, body: ReturnRejectPosted, request: Request, services: UsesServices, caller: Ops
) -> Response:
    """Refuse to take the units back; 409 once something of them has come in."""

    async def command(held: LockedReturn) -> None:
        await reject_return(held, reason=body.reason)

    return await _on_return(services, caller, request, return_id, command)


async def _on_return(
    services: Services, caller: Caller, request: Request, return_id: str, command: Command
) -> Response:
    """Carry a command out under the lock of the return's order, once; the answer is the return after it."""

    async def work(connection: AsyncConnection) -> Answer:
        order_id = await _order_of(connection, return_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        await command(await lock_return(order, return_id))
        await order.save()
        return Answer(200, await show_return(connection, return_id))

    return await once(services, caller, request, work)


async def _order_of(connection: AsyncConnection, return_id: str, caller: Caller) -> str:
    order_id = await order_of_return(connection, return_id)
    channel = await channel_of(connection, order_id)
    if channel is None or not caller.sells_on(channel):
        raise NotFound("There is no such return.")
    return order_id
