"""Reviews: payments that somebody has to look at before their orders go on."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from adapters.db.locked_order import LockedOrder
from adapters.db.risk import reject, release
from api.access import Caller, needs_keyed
from api.commanded import commanded
from api.order_bodies import ReviewPosted
from api.reading import JsonRoute
from api.schemas.order import Order
from api.state import UsesServices

router = APIRouter(prefix="/v1/orders/{order_id}/review", tags=["reviews"], route_class=JsonRoute)


@router.post("", summary="Answer the review of a payment", response_model=Order)
async def answer_review(
    order_id: str,
    body: ReviewPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:command")],
) -> Response:
    """Release the order, or reject it: what has not shipped is cancelled and the money let go.

    409 when no review of its payment is asked for, or it was answered before.
    """
    answer = release if body.decision == "release" else reject

    async def command(order: LockedOrder) -> None:
        await answer(order, reason=body.reason)

    return await commanded(services, caller, request, order_id, command)
