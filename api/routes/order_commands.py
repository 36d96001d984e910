"""Commands on an order: cancel, bring another payment, reroute, and go on after a person has looked."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from adapters.db.attending import attend
from adapters.db.cancellation import LineUnits, cancel
from adapters.db.declines import bring_payment
from adapters.db.locked_order import LockedOrder
from adapters.db.rerouting import Reroute, reroute
from api.access import Caller, needs_keyed
from api.commanded import commanded
from api.order_bodies import AttentionPosted, CancelPosted, PaymentPosted, ReroutePosted
from api.reading import JsonRoute
from api.schemas.order import Order
from api.state import UsesServices

router = APIRouter(prefix="/v1/orders/{order_id}", tags=["orders"], route_class=JsonRoute)

Commander = Annotated[Caller, needs_keyed("orders:write|orders:command")]
Ops = Annotated[Caller, needs_keyed("orders:command")]


@router.post("/cancel", summary="Cancel units that have not shipped", response_model=Order)
async def cancel_order(
    order_id: str, body: CancelPosted, request: Request, services: UsesServices, caller: Commander
) -> Response:
    """Cancel: 200 means that those units will not ship, 409 that they cannot be kept from it any more."""
    lines = None if body.lines is None else [LineUnits(one.line_id, one.quantity) for one in body.lines]

    async def command(order: LockedOrder) -> None:
        await cancel(order, lines, reason=body.reason)

    return await commanded(services, caller, request, order_id, command)


@router.post("/payment", summary="Bring another means of payment", response_model=Order)
async def bring_another_payment(
    order_id: str, body: PaymentPosted, request: Request, services: UsesServices, caller: Commander
) -> Response:
    """Pay with another token after a decline; 409 when no other payment is needed."""

    async def command(order: LockedOrder) -> None:
        await bring_payment(order, body.token)

    return await commanded(services, caller, request, order_id, command)


@router.post("/reroute", summary="Ask other locations", response_model=Order)
async def reroute_order(
    order_id: str, body: ReroutePosted, request: Request, services: UsesServices, caller: Ops
) -> Response:
    """Take units that are not packed yet back, and route them again: without some locations, or at one."""
    wanted = Reroute(body.fulfillment_id, body.exclude_locations, body.pin_location, body.reason)

    async def command(order: LockedOrder) -> None:
        await reroute(order, wanted)

    return await commanded(services, caller, request, order_id, command)


@router.post("/attention", summary="Go on with an order that stopped", response_model=Order)
async def attend_order(
    order_id: str, body: AttentionPosted, request: Request, services: UsesServices, caller: Ops
) -> Response:
    """Try the step that stopped again, leave it undone, or cancel what is unshipped."""

    async def command(order: LockedOrder) -> None:
        await attend(order, body.action, reason=body.reason)

    return await commanded(services, caller, request, order_id, command)
