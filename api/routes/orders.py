"""Orders: taking them and showing them."""

from datetime import datetime
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.decisions import list_decisions, read_parts, works_of
from adapters.db.engine import in_transaction
from adapters.db.holding import NewHold, place_hold
from adapters.db.idempotency import RequestName, claim, record
from adapters.db.locked_order import lock_order
from adapters.db.queries.orders import (
    list_events,
    list_order_ids,
    show_order,
    show_orders,
)
from api.access import Caller, needs, needs_keyed
from api.commanded import visible
from api.decision_shown import decision_shown
from api.idempotency import Answer, hash_of
from api.order_bodies import OrderPosted
from api.order_filters import Filters
from api.order_taken import TakenOrder, taken
from api.paging import Listed, Page, page_of
from api.planning import BUSY, in_turn
from api.problems import Refusal
from api.reading import JsonRoute, json_answer
from api.schemas.event import Event
from api.schemas.order import Order
from api.schemas.routing_decision import RoutingDecision
from api.state import Services, UsesServices
from config.failpoints import declare, failpoint
from domain.holds import REMORSE, HeldStep
from routing.record.replay import explained

router = APIRouter(tags=["orders"], route_class=JsonRoute)

_WRITTEN: Final = declare("order-written", "an order is written, not yet committed")
_TAKEN: Final = declare("order-taken", "an order is committed, its storefront has no answer")

Reader = Annotated[Caller, needs("orders:read")]


@router.post(
    "/v1/orders",
    status_code=201,
    summary="Place an order",
    response_model=Order,
    responses={200: {"model": Order, "description": "An equal order was placed before"}},
)
async def place_order(
    body: OrderPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:write")],
) -> Response:
    """Take an order: 201 once, 200 for each equal repeat, 409 for other content under its number."""
    if not caller.sells_on(body.channel):
        raise Refusal(403, "forbidden", "The key does not sell on this channel.")
    name = RequestName(caller.key_id, "POST", "/v1/orders", request.headers["Idempotency-Key"])
    order = taken(body, services.payments, services.now())
    hashed = hash_of(await request.json())

    async def take(connection: AsyncConnection) -> Answer:
        answer = await _take(connection, order, caller, services, (name, hashed))
        failpoint(_WRITTEN)
        return answer

    answer = await in_transaction(services.engine, take)
    failpoint(_TAKEN)
    return json_answer(answer.body, answer.status)


async def _take(
    connection: AsyncConnection,
    order: TakenOrder,
    caller: Caller,
    services: Services,
    request: tuple[RequestName, str],
) -> Answer:
    """(channel, order_number) decides first; the Idempotency-Key only when the order is new."""
    now = services.now()
    created = await order.write(connection, services.settings, actor=caller.actor, now=now)
    if created and services.settings.remorse_window:
        await _leave_time_for_remorse(connection, order.id, services)
    shown = await show_order(connection, order.id)
    if not created:
        return Answer(200, shown)
    earlier = await claim(connection, *request, now)
    if earlier is not None:
        detail = "This Idempotency-Key was used for a request with another body."
        raise Refusal(422, "idempotency-key-reused", detail)
    await record(connection, request[0], 201, to_json({"id": order.id}).decode())
    return Answer(201, shown)


async def _leave_time_for_remorse(connection: AsyncConnection, order_id: str, services: Services) -> None:
    now = services.now()
    order = await lock_order(connection, order_id, actor="policy:remorse", now=now)
    until = now + services.settings.remorse_window
    await place_hold(order, NewHold(REMORSE, "time to change one's mind", (HeldStep.RELEASE,), until))
    await order.save(tell_process=False)


@router.get("/v1/orders", summary="Orders, newest first", response_model=Listed[Order])
async def list_orders(services: UsesServices, caller: Reader, page: Page, asked: Filters) -> Response:
    """List orders by any of the filters together; a storefront sees its own channels."""
    wanted = asked.within(caller.channels or None)
    async with services.engine.connect() as connection:
        rows = await list_order_ids(connection, wanted, after=page.after(datetime, str), limit=page.limit + 1)
        shown, cursor = page_of(rows, page, lambda row: row)
        orders = await show_orders(connection, [order_id for _, order_id in shown])
    return json_answer({"data": orders, "next_cursor": cursor})


@router.get("/v1/orders/{order_id}", summary="One order", response_model=Order)
async def read_order(order_id: str, services: UsesServices, caller: Reader) -> Response:
    """Show an order."""
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        return json_answer(await show_order(connection, order_id))


@router.get(
    "/v1/orders/{order_id}/events",
    summary="An order's history, oldest first",
    response_model=Listed[Event],
)
async def read_events(order_id: str, services: UsesServices, caller: Reader, page: Page) -> Response:
    """Show everything that happened to an order, and who did it."""
    (after,) = page.after(int) or (0,)
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        rows = await list_events(connection, order_id, after=after, limit=page.limit + 1)
    shown, cursor = page_of(rows, page, lambda row: (row.seq,))
    events = [
        {"seq": row.seq, "type": row.type, "at": row.at, "actor": row.actor, "data": row.data}
        for row in shown
    ]
    return json_answer({"data": events, "next_cursor": cursor})


@router.get(
    "/v1/orders/{order_id}/routing",
    summary="An order's routing decisions",
    response_model=Listed[RoutingDecision],
    responses=BUSY,
)
async def read_routing(
    order_id: str, services: UsesServices, caller: Reader, *, changes: bool = False
) -> Response:
    """Show every routing decision with its record, and what became of what it promised.

    With `changes` each is planned again, and its verdicts tell what would have made a location ship.
    """
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        rows = await list_decisions(connection, order_id)
        works = await works_of(connection, order_id)
        parts = {row.n: await read_parts(connection, row) for row in rows} if changes else {}
    texts = {row.n: row.record for row in rows}
    for n, kept in parts.items():
        if kept is not None:
            texts[n] = await in_turn(services, partial(explained, kept, texts[n]))
    shown = [decision_shown(row, texts[row.n], works.get(row.n, ()), services.now()) for row in rows]
    return json_answer({"data": shown, "next_cursor": None})
