"""Refunds of an order: given without a return, and all of them with where they stand."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.appeasement import appease
from adapters.db.locked_order import lock_order
from adapters.db.queries.refunds import list_refunds, show_refund
from api.access import Caller, needs, needs_keyed
from api.commanded import visible
from api.idempotency import Answer, once
from api.paging import Listed, Page, page_of
from api.reading import JsonRoute, json_answer
from api.refund_bodies import RefundPosted
from api.schemas.refund import Refund
from api.state import UsesServices

router = APIRouter(prefix="/v1/orders/{order_id}/refunds", tags=["refunds"], route_class=JsonRoute)


@router.post(
    "",
    status_code=201,
    summary="Give money back without a return",
    response_model=Refund,
    responses={403: {"description": "The key lacks the scope, or its role may not give so much"}},
)
async def give_refund(
    order_id: str,
    body: RefundPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:command")],
) -> Response:
    """Owe the customer money: 409 says how much can be refunded, 403 how much the key's role may give."""
    caps = {str(role): by_currency for role, by_currency in services.settings.appeasement_caps.items()}

    async def work(connection: AsyncConnection) -> Answer:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        number = await appease(order, body.given(), role=caller.role, caps=caps)
        await order.save()
        return Answer(201, await show_refund(connection, order_id, number))

    return await once(services, caller, request, work)


@router.get("", summary="An order's refunds, oldest first", response_model=Listed[Refund])
async def read_refunds(
    order_id: str, services: UsesServices, caller: Annotated[Caller, needs("orders:read")], page: Page
) -> Response:
    """Show all that a customer is to get back: for returns, for what did not arrive, and what was given."""
    (after,) = page.after(int) or (0,)
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        found = await list_refunds(connection, order_id, after=after, limit=page.limit + 1)
    shown, cursor = page_of(found, page, lambda row: (row["number"],))
    return json_answer({"data": shown, "next_cursor": cursor})
