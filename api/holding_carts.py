"""Keeping what a cart is promised: plan, and reserve; when the rows have moved, plan afresh."""

import asyncio
import secrets
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.carts import Cart
from adapters.db.checkout_holds import NewReservation, make_hold
from adapters.db.stock import Miss, lock_products
from api.access import Caller
from api.planning import in_turn
from api.promised import Promised, Rules, promised
from api.state import Services
from domain.errors import InvalidContent, NotHeld

_ATTEMPTS: Final = 3


async def first_look(services: Services, cart: Cart, now: datetime) -> Promised:
    """Plan a cart, in turn with others; nothing is kept."""
    return await promised(
        services.engine.connect,
        cart,
        lambda work: in_turn(services, work),
        now=now,
        rules=Rules.of(services.settings),
    )


async def keep(
    connection: AsyncConnection, services: Services, caller: Caller, look: Promised, ttl: timedelta
) -> tuple[str, Promised]:
    """Keep what was promised, or what can be promised by now, at the last attempt under locks.

    Returns the hold's id, and what it promises. Raises NotHeld when nothing of it can be kept.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        now = services.now()
        try:
            async with connection.begin_nested():
                if attempt > 1:
                    look = await _look_again(connection, services, look.cart, locked=attempt == _ATTEMPTS)
                if not look.units:
                    raise NotHeld(f"nothing of the cart can be kept: {look.why_not or 'it waits for supply'}")
                new = NewReservation(
                    id=f"rsv_{secrets.token_hex(12)}",
                    channel=look.cart.channel,
                    cart=look.cart.shown(),
                    promise=look.told,
                    units=look.units,
                    expires_at=now + ttl,
                    kept_back=look.kept_back,
                )
                await make_hold(connection, new, actor=caller.actor, now=now)
                return new.id, look
        except Miss:
            continue
    raise NotHeld("the cart's units went to others while it was planned; ask again")


async def _look_again(
    connection: AsyncConnection, services: Services, cart: Cart, *, locked: bool
) -> Promised:
    if locked:
        await lock_products(connection, cart.skus)
    return await promised(
        lambda: nullcontext(connection),
        cart,
        asyncio.to_thread,
        now=services.now(),
        rules=Rules.of(services.settings),
    )


def ttl_of(services: Services, asked: timedelta | None, pointer: str) -> timedelta:
    """How long a hold lasts; InvalidContent for one that is longer than the service allows."""
    longest = services.settings.reservation_longest
    if asked is not None and asked > longest:
        raise InvalidContent(f"a hold lasts {int(longest.total_seconds())} seconds at most", pointer)
    return asked or min(services.settings.reservation_ttl, longest)


def check_whole(look: Promised) -> None:
    """Raise NotHeld, saying what lacks, unless every unit is there, and in time."""
    if look.told["backorders"]:
        lacks = ", ".join(f"{one['quantity']} of {one['sku']}" for one in look.told["backorders"])
        raise NotHeld(f"not all of the cart can be kept: {lacks} cannot ship now")
    if look.late:
        raise NotHeld(f"all of the cart comes by {look.told['deliver_by']} only, after deliver_by")
