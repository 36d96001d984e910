"""The fulfilment axis: the state of work asked of one location."""

from enum import StrEnum
from typing import Final

from domain.transitions import Transitions


class FulfillmentStatus(StrEnum):
    """Where one location's work stands."""

    PLANNED = "planned"
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    PICKING = "picking"
    PACKED = "packed"
    READY_FOR_PICKUP = "ready_for_pickup"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED = "returned"
    CANCELLED = "cancelled"


_S = FulfillmentStatus
_SHIPPING = (_S.PARTIALLY_SHIPPED, _S.SHIPPED)

FULFILLMENT: Final = Transitions(
    "fulfillment",
    {
        _S.PLANNED: (_S.OPEN, _S.CANCELLED),
        _S.OPEN: (_S.PLANNED, _S.ACCEPTED, _S.REJECTED, _S.EXPIRED, _S.PICKING, _S.PACKED,
                  _S.READY_FOR_PICKUP, *_SHIPPING, _S.CANCELLED),
        _S.ACCEPTED: (_S.REJECTED, _S.PICKING, _S.PACKED, _S.READY_FOR_PICKUP, *_SHIPPING,
                      _S.CANCELLED),
        _S.PICKING: (_S.REJECTED, _S.PACKED, _S.READY_FOR_PICKUP, *_SHIPPING, _S.CANCELLED),
        _S.PACKED: (_S.READY_FOR_PICKUP, *_SHIPPING, _S.CANCELLED),
        _S.READY_FOR_PICKUP: (_S.DELIVERED, _S.CANCELLED),
        _S.PARTIALLY_SHIPPED: (*_SHIPPING, _S.PARTIALLY_DELIVERED, _S.DELIVERED),
        _S.SHIPPED: (_S.PARTIALLY_DELIVERED, _S.DELIVERED, _S.LOST, _S.RETURNED),
        _S.PARTIALLY_DELIVERED: (_S.PARTIALLY_DELIVERED, _S.DELIVERED, _S.LOST, _S.RETURNED),
        _S.DELIVERED: (_S.RETURNED,),
        _S.LOST: (_S.DELIVERED, _S.PARTIALLY_DELIVERED, _S.RETURNED),
        _S.REJECTED: (),
        _S.EXPIRED: (),
        _S.RETURNED: (),
        _S.CANCELLED: (),
    },
)  # fmt: skip

UNSHIPPED: Final = frozenset({_S.PLANNED, _S.OPEN, _S.ACCEPTED, _S.PICKING, _S.PACKED, _S.READY_FOR_PICKUP})
"""Nothing of it has left the location."""

OPEN_WORK: Final = UNSHIPPED | {_S.PARTIALLY_SHIPPED}
"""The location still has something to ship."""

RETRACTABLE: Final = frozenset({_S.PLANNED, _S.OPEN, _S.ACCEPTED, _S.PICKING})
"""The units are still loose at the location: they may be asked of another one instead."""

ON_ITS_WAY: Final = frozenset({_S.PARTIALLY_SHIPPED, _S.SHIPPED, _S.PARTIALLY_DELIVERED})
"""Parcels of it may be between location and customer."""
