"""The order's status: one total function of the other axes, its precedence written down here."""

from dataclasses import dataclass
from enum import StrEnum

from domain.payment_status import PaymentStatus
from domain.quantities import LineQuantities


class OrderStatus(StrEnum):
    """The one word for an order that people filter by."""

    RECEIVED = "received"
    PAYMENT_PENDING = "payment_pending"
    ON_HOLD = "on_hold"
    ROUTING = "routing"
    AWAITING_STOCK = "awaiting_stock"
    IN_FULFILLMENT = "in_fulfillment"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    NEEDS_ATTENTION = "needs_attention"


@dataclass(frozen=True, slots=True)
class Axes:
    """Everything the status is a function of. `units`: the sum over the lines; `free`: they cost nothing.

    `postponed`: money is set aside for them once their supply is near.
    """

    units: LineQuantities
    payment: PaymentStatus
    free: bool = False
    held: bool = False
    attention: bool = False
    closed: bool = False
    postponed: bool = False


_UNPAID = {
    PaymentStatus.PENDING,
    PaymentStatus.ACTION_REQUIRED,
    PaymentStatus.REVIEW,
    PaymentStatus.DECLINED,
}


def status_of(axes: Axes) -> OrderStatus:  # noqa: PLR0911 (a precedence is a list of returns)
    """Return the order's status, by the first rule that fits.

    1. somebody must look, before the close; 2. nothing is left but cancelled units; 3. closed; 4. held before
    any unit left; 5. not paid for, though it is to be by now; 6. by where the units are.
    """
    if axes.attention and not axes.closed:
        return OrderStatus.NEEDS_ATTENTION
    if axes.units.live == 0:
        return OrderStatus.CANCELLED
    if axes.closed:
        everything = axes.units.returned == axes.units.live
        return OrderStatus.RETURNED if everything else OrderStatus.COMPLETED
    if axes.units.left > 0:
        return _under_way(axes.units)
    if axes.held:
        return OrderStatus.ON_HOLD
    if not axes.free and axes.payment in _UNPAID:
        return OrderStatus.PAYMENT_PENDING
    if not axes.free and not axes.postponed and axes.payment is PaymentStatus.NONE:
        return OrderStatus.RECEIVED
    return _at_the_locations(axes.units)


def _under_way(units: LineQuantities) -> OrderStatus:
    arrived = units.delivered + units.returned + units.lost
    if units.unshipped == 0 and units.shipped == 0:
        return OrderStatus.RETURNED if units.returned == units.live else OrderStatus.DELIVERED
    if arrived:
        return OrderStatus.PARTIALLY_DELIVERED
    return OrderStatus.PARTIALLY_SHIPPED if units.unshipped else OrderStatus.SHIPPED


def _at_the_locations(units: LineQuantities) -> OrderStatus:
    if units.pending:
        return OrderStatus.ROUTING
    return OrderStatus.IN_FULFILLMENT if units.allocated else OrderStatus.AWAITING_STOCK
