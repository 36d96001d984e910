"""Changes of an order after it was placed: drafted with a preview, confirmed, declined."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db import changes
from adapters.db.locked_order import LockedOrder, lock_order
from adapters.db.queries.changes import changes_of, show_change
from api.access import Caller, needs, needs_keyed
from api.change_bodies import ChangePosted
from api.commanded import visible
from api.idempotency import Answer, once
from api.paging import Listed
from api.reading import JsonRoute, json_answer
from api.schemas.order_change import OrderChange
from api.state import Services, UsesServices

router = APIRouter(prefix="/v1/orders/{order_id}/changes", tags=["changes"], route_class=JsonRoute)

Asker = Annotated[Caller, needs_keyed("orders:write|orders:command")]
Decision = Callable[[LockedOrder, str], Awaitable[None]]


@router.post("", status_code=201, summary="Draft a change", response_model=OrderChange)
async def draft(
    order_id: str, body: ChangePosted, request: Request, services: UsesServices, caller: Asker
) -> Response:
    """Show what a change would come to; nothing of the order changes before it is confirmed."""

    async def work(connection: AsyncConnection) -> Answer:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        chosen = services.settings
        name = await changes.draft_change(
            order, body.asked(), expires_after=chosen.change_expires, missing=chosen.tax_missing
        )
        await order.save()
        return Answer(201, await show_change(connection, name, order.now))

    return await once(services, caller, request, work)


@router.get("", summary="The changes of an order, oldest first", response_model=Listed[OrderChange])
async def read_changes(
    order_id: str, services: UsesServices, caller: Annotated[Caller, needs("orders:read")]
) -> Response:
    """List what was asked to be changed, and what came of it."""
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        shown = await changes_of(connection, order_id, services.now())
    return json_answer({"data": shown, "next_cursor": None})


@router.post("/{change_id}/confirm", summary="Do what a draft says", response_model=OrderChange)
async def confirm(
    order_id: str, change_id: str, request: Request, services: UsesServices, caller: Asker
) -> Response:
    """Change the order as previewed, all of it; 409 when it would come to something else by now."""
    do = partial(changes.confirm_change, missing=services.settings.tax_missing)
    return await _decided(services, caller, request, (order_id, change_id, do))


@router.post("/{change_id}/decline", summary="Drop a draft", response_model=OrderChange)
async def decline(
    order_id: str, change_id: str, request: Request, services: UsesServices, caller: Asker
) -> Response:
    """Leave the order as it is; 409 when the change was confirmed."""
    return await _decided(services, caller, request, (order_id, change_id, changes.decline_change))


async def _decided(
    services: Services, caller: Caller, request: Request, what: tuple[str, str, Decision]
) -> Response:
    order_id, change_id, decide = what

    async def work(connection: AsyncConnection) -> Answer:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        await decide(order, change_id)
        await order.save()
        return Answer(200, await show_change(connection, change_id, order.now))

    return await once(services, caller, request, work)
