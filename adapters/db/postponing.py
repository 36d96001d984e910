"""Postponed authorizations: while nothing of an order can ship soon, no money is set aside for it.

Its lines wait in the queue like everybody's. The money is asked for when the first units that the order gets
are near, and by the transaction that finds it units if that is earlier. Only then may routing go on, so that
whatever a location sees is paid for.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.locked_order import LockedOrder, lock_order
from adapters.db.network import promisable_stock
from adapters.db.order_progress import postponed
from adapters.db.promises import first_supplies, first_supply
from adapters.db.tables import earmarks, orders
from domain.payment_status import PaymentStatus
from domain.postponement import Postponement, postponement

SUPPLY_NEAR: Final = "supply_near"
STOCK_FOUND: Final = "stock_found"


async def supply_far_off(order: LockedOrder, within: timedelta) -> Postponement | None:
    """For how long nothing of an order that has not been routed yet can ship; None when something can.

    What a person routes waits in no queue, and may leave at any time.
    """
    if order.values["routing"] != "auto" or order.works:
        return None
    in_stock = await _in_stock(order)
    expected_at = None if in_stock else await first_supply(order)
    return postponement(within, in_stock=in_stock, expected_at=expected_at, now=order.now)


async def _in_stock(order: LockedOrder) -> bool:
    pending = {line.sku for line in order.lines.values() if line.quantities.pending}
    marked = select(earmarks.c.quantity).where(earmarks.c.order_id == order.id).limit(1)
    if (await order.connection.execute(marked)).first() is not None:
        return True
    there = await promisable_stock(order.connection, pending, order.now)
    only = order.values["pickup_location"]
    return any(only in {None, location_id} for location_id, _ in there)


def postpone(order: LockedOrder, within: timedelta, until: Postponement) -> None:
    """Set no money aside for now. Does not save the order."""
    order.set(authorize_within=within)
    _tell(order, until)


def ask_payment(order: LockedOrder, reason: str) -> None:
    """The money of a postponed order is to be set aside now; of any other nothing changes."""
    if not postponed(order):
        return
    order.set(authorize_within=None, authorize_at=None)
    if order.money.owed:
        order.pay(PaymentStatus.PENDING)
        order.record("payment.asked_for", reason=reason)


async def look_at_supply(order: LockedOrder) -> None:
    """Ask for the money of a postponed order if its supply is near by now, else note when it will be."""
    if postponed(order) and order.units.unshipped:
        _heed(order, await first_supply(order))


async def hear_of_supply(connection: AsyncConnection, sku: str, held: Collection[str], now: datetime) -> None:
    """Supply of a product was announced, or moved: held orders that it is near to sooner are told.

    It may also be later than they expect: that they see when they look.
    """
    waiting = await connection.execute(
        select(orders.c.id, orders.c.authorize_within, orders.c.authorize_at).where(
            orders.c.id.in_(held), orders.c.authorize_within.is_not(None)
        )
    )
    rows = waiting.all()
    comes = await first_supplies(connection, [sku]) if rows else {}
    for row in sorted(rows, key=lambda row: row.id):
        if row.id in comes and _sooner(comes[row.id] - row.authorize_within, row.authorize_at):
            order = await lock_order(connection, row.id, actor="stock", now=now)
            _heed(order, comes[row.id])
            await order.save()


def _sooner(near_at: datetime, known: datetime | None) -> bool:
    return known is None or near_at < known


def _heed(order: LockedOrder, expected_at: datetime | None) -> None:
    until = postponement(
        order.values["authorize_within"], in_stock=False, expected_at=expected_at, now=order.now
    )
    if until is None:
        ask_payment(order, SUPPLY_NEAR)
    elif until.until != order.values["authorize_at"]:
        _tell(order, until)


def _tell(order: LockedOrder, until: Postponement) -> None:
    order.set(authorize_at=until.until)
    order.record("payment.postponed", expected_at=_iso(until.expected_at), until=_iso(until.until))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
