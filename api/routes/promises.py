"""Promises: by when a cart can be there, and at what price, before anybody orders it."""

from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import in_transaction
from adapters.db.queries.reservations import show_reservation
from api.access import Caller, needs
from api.cart_bodies import PromiseAsked
from api.holding_carts import first_look, keep, ttl_of
from api.planning import BUSY
from api.problems import Refusal
from api.promised import Promised
from api.reading import JsonRoute, json_answer
from api.schemas.promise import Promises
from api.state import UsesServices

router = APIRouter(tags=["promises"], route_class=JsonRoute)


@router.post(
    "/v1/promise", summary="What a cart can be promised, by service level", response_model=Promises,
    responses=BUSY | {409: {"description": "What was to be held went to others (`not-available`)"}},
)  # fmt: skip
async def promise_cart(
    body: PromiseAsked, services: UsesServices, caller: Annotated[Caller, needs("promise:read")]
) -> Response:
    """Plan the cart by each level as its order would be routed, on the stock and capacity of this moment.

    Nothing is kept unless `hold_seconds` asks for it; what cannot ship is promised for when supply is due.
    """
    if not caller.sells_on(body.channel):
        raise Refusal(403, "forbidden", "The key does not sell on this channel.")
    hold = body.hold()
    if hold is not None:
        if "orders:write" not in caller.scopes:
            raise Refusal(403, "forbidden", "The API key lacks the scope orders:write.")
        hold = ttl_of(services, hold, "/hold_seconds")
    now = services.now()
    looks = {level: await first_look(services, body.cart(level), now) for level in body.service_levels}
    reservation = None
    level = body.delivery.service_level
    if hold is not None and looks[level].units:
        ttl = hold

        async def work(connection: AsyncConnection) -> tuple[Promised, object]:
            name, kept = await keep(connection, services, caller, looks[level], ttl)
            return kept, await show_reservation(connection, name, services.now())

        looks[level], reservation = await in_transaction(services.engine, work)
    levels = [_told(level, look) for level, look in looks.items()]
    return json_answer({"levels": levels, "reservation": reservation})


def _told(level: str, look: Promised) -> dict[str, object]:
    return {
        "service_level": level,
        "available": look.why_not is None,
        "why_not": look.why_not,
        "promise": look.told if look.why_not is None else None,
    }
