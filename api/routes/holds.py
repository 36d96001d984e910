"""Holds on an order: placed, and lifted."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import in_transaction
from adapters.db.holding import NewHold, lift_hold, place_hold
from adapters.db.locked_order import lock_order
from adapters.db.queries.holds import show_hold
from api.access import Caller, needs, needs_keyed
from api.commanded import visible
from api.idempotency import Answer, once
from api.order_bodies import HoldPosted
from api.reading import JsonRoute, json_answer
from api.schemas.hold import Hold
from api.state import UsesServices
from domain.errors import InvalidContent

router = APIRouter(prefix="/v1/orders/{order_id}/holds", tags=["holds"], route_class=JsonRoute)


@router.post("", status_code=201, summary="Hold an order", response_model=Hold)
async def hold_order(
    order_id: str,
    body: HoldPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:command")],
) -> Response:
    """Keep some steps of an order waiting: 201 means that nothing of what is blocked happens from now on."""
    new = NewHold(body.type, body.reason, body.blocks, body.expires_at)
    if body.expires_at is not None and body.expires_at <= services.now():
        raise InvalidContent("a hold cannot have ended already", "/expires_at")

    async def work(connection: AsyncConnection) -> Answer:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        hold = await place_hold(order, new)
        await order.save()
        return Answer(201, await show_hold(connection, hold.id))

    return await once(services, caller, request, work)


@router.delete("/{hold_id}", summary="Lift a hold", response_model=Hold)
async def lift(
    order_id: str, hold_id: str, services: UsesServices, caller: Annotated[Caller, needs("orders:command")]
) -> Response:
    """Let the order go on, as far as no other hold blocks it; one that has ended stays ended."""

    async def work(connection: AsyncConnection) -> object:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        await lift_hold(order, hold_id)
        await order.save()
        return await show_hold(connection, hold_id)

    return json_answer(await in_transaction(services.engine, work))
