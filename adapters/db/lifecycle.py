"""The two ends of an order's life: where it is to go, and its close."""

from typing import Final

from adapters.db.attention import ADDRESS_UNPLACEABLE, park
from adapters.db.checkout_holds import return_capacity
from adapters.db.holding import end_holds
from adapters.db.locked_order import LockedOrder
from adapters.db.postal import place
from domain.payment_status import PaymentStatus
from domain.settlement import status_after

_UNSETTLED: Final = {PaymentStatus.PENDING, PaymentStatus.ACTION_REQUIRED, PaymentStatus.EXPIRED}


async def close(order: LockedOrder) -> None:
    """Close an order that has nothing left to ship, to arrive or to pay; any other stays as it is."""
    if order.closed or order.progress().busy:
        return
    declined = order.payment_status is PaymentStatus.DECLINED
    if order.payment_status in _UNSETTLED or (declined and order.values["captured"]):
        order.pay(status_after(order.money))
    await end_holds(order)
    await return_capacity(order)
    order.set(closed_at=order.now)
    order.record("order.closed")


async def place_address(order: LockedOrder) -> bool:
    """Look an address up once more that could not be placed; parks the order when it still cannot."""
    ship_to = order.values["ship_to"]
    found = await place(order.connection, ship_to["country"], ship_to["postal_code"])
    if found is None:
        park(order, ADDRESS_UNPLACEABLE)
        return False
    order.set(lat=found[0], lng=found[1])
    return True
