"""Routing by hand: what the DOM would suggest, and what a person decides."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from adapters.db.allocation import Terms, allocate
from adapters.db.locked_order import LockedOrder
from adapters.db.routing_request import read_request
from api.access import Caller, needs, needs_keyed
from api.allocation_bodies import AllocatePosted
from api.commanded import commanded, visible
from api.planning import BUSY, in_turn
from api.promised import Rules
from api.reading import JsonRoute, json_answer
from api.schemas.order import Order
from api.schemas.suggestion import Suggestions
from api.state import UsesServices
from api.suggested import suggested
from routing import PRESETS

router = APIRouter(prefix="/v1/orders/{order_id}", tags=["routing"], route_class=JsonRoute)


@router.get(
    "/suggestions",
    summary="Ways to ship the units that wait",
    response_model=Suggestions,
    responses=BUSY,
)
async def suggest_allocations(
    order_id: str, services: UsesServices, caller: Annotated[Caller, needs("routing:read|orders:command")]
) -> Response:
    """Rank what the policies would do and what single locations could; nothing is reserved."""
    now = services.now()
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        request = await read_request(connection, order_id, now, waiting=True)
    rules = Rules.of(services.settings)
    return json_answer(await in_turn(services, lambda: suggested(request, now=now, rules=rules)))


@router.post("/allocate", summary="Decide which location ships what", response_model=Order)
async def allocate_order(
    order_id: str,
    body: AllocatePosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:command")],
) -> Response:
    """Reserve at the locations that are named, all or nothing; 409 says what lacks."""
    settings = services.settings
    terms = Terms(settings.ship_within, settings.accept_within or None, PRESETS[settings.routing_policy])

    async def command(order: LockedOrder) -> None:
        await allocate(order, body.allocation(), terms)

    return await commanded(services, caller, request, order_id, command)
