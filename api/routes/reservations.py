"""Checkout holds: stock and capacity are kept for a cart until its order comes, or its time is over."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.checkout_holds import release_hold
from adapters.db.engine import in_transaction
from adapters.db.queries.reservations import show_reservation
from api.access import Caller, needs, needs_keyed
from api.cart_bodies import ReservationPosted
from api.holding_carts import check_whole, first_look, keep, ttl_of
from api.idempotency import Answer, once
from api.planning import BUSY
from api.problems import Refusal
from api.reading import JsonRoute, json_answer
from api.schemas.reservation import Reservation
from api.state import UsesServices
from domain.errors import NotFound

router = APIRouter(prefix="/v1/reservations", tags=["promises"], route_class=JsonRoute)


@router.post(
    "", status_code=201, summary="Keep stock and capacity for a cart", response_model=Reservation,
    responses=BUSY | {409: {"description": "Not all of it can be kept (`not-available`)"}},
)  # fmt: skip
async def reserve_cart(
    body: ReservationPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:write")],
) -> Response:
    """Plan the cart as its order would be routed, and keep its units and the locations' places for a time.

    All of it or nothing, unless `partial`. An order that names the reservation takes it over.
    """
    if not caller.sells_on(body.channel):
        raise Refusal(403, "forbidden", "The key does not sell on this channel.")
    ttl = ttl_of(services, body.ttl(), "/ttl_seconds")
    look = await first_look(services, body.cart(), services.now())

    async def work(connection: AsyncConnection) -> Answer:
        name, kept = await keep(connection, services, caller, look, ttl)
        if not body.partial:
            check_whole(kept)
        return Answer(201, await show_reservation(connection, name, services.now()))

    return await once(services, caller, request, work)


@router.get("/{reservation_id}", summary="One checkout hold", response_model=Reservation)
async def read_reservation(
    reservation_id: str, services: UsesServices, caller: Annotated[Caller, needs("orders:read")]
) -> Response:
    """Show what is kept, until when, and what was promised of it."""
    async with services.engine.connect() as connection:
        shown = await show_reservation(connection, reservation_id, services.now())
    _check_yours(shown["channel"], caller)
    return json_answer(shown)


@router.delete(
    "/{reservation_id}", summary="Give a checkout hold back", response_model=Reservation,
    responses={409: {"description": "An order has used it"}},
)  # fmt: skip
async def release_reservation(
    reservation_id: str, services: UsesServices, caller: Annotated[Caller, needs("orders:write")]
) -> Response:
    """Let go of what is kept: those who wait for it get it first. One that has ended stays as it ended."""
    now = services.now()

    async def work(connection: AsyncConnection) -> object:
        shown = await show_reservation(connection, reservation_id, now)
        _check_yours(shown["channel"], caller)
        await release_hold(connection, reservation_id, actor=caller.actor, now=now)
        return await show_reservation(connection, reservation_id, now)

    return json_answer(await in_transaction(services.engine, work))


def _check_yours(channel: str, caller: Caller) -> None:
    if not caller.sells_on(channel):
        raise NotFound("There is no such reservation.")
