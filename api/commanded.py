"""What commands on an order have in common: whose order it is, its lock, its answer."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.locked_order import LockedOrder, lock_order
from adapters.db.queries.orders import channel_of, show_order
from api.access import Caller
from api.idempotency import Answer, once
from api.state import Services
from domain.errors import NotFound

Command = Callable[[LockedOrder], Awaitable[None]]


async def visible(connection: AsyncConnection, order_id: str, caller: Caller) -> None:
    """Raise NotFound unless the order is there and the caller's."""
    channel = await channel_of(connection, order_id)
    if channel is None or not caller.sells_on(channel):
        raise NotFound("There is no such order.")


async def commanded(
    services: Services, caller: Caller, request: Request, order_id: str, command: Command
) -> Response:
    """Carry a command out under the order's lock, once; the answer is the order after it."""

    async def work(connection: AsyncConnection) -> Answer:
        await visible(connection, order_id, caller)
        order = await lock_order(connection, order_id, actor=caller.actor, now=services.now())
        await command(order)
        await order.save()
        return Answer(200, await show_order(connection, order_id))

    return await once(services, caller, request, work)
