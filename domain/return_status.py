"""The return axis: units on their way back, and what becomes of them."""

from enum import StrEnum
from typing import Final

from domain.transitions import Transitions


class ReturnStatus(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"
    IN_TRANSIT = "in_transit"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    INSPECTED = "inspected"
    COMPLETED = "completed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Disposition(StrEnum):
    """What becomes of a unit that came back; only `restock` makes it stock again."""

    RESTOCK = "restock"
    REFURBISH = "refurbish"
    SCRAP = "scrap"
    RETURN_TO_VENDOR = "return_to_vendor"


class RefundTo(StrEnum):
    """Where the customer's money goes; for an exchange it is credit that the new order is paid with."""

    ORIGINAL = "original"
    STORE_CREDIT = "store_credit"
    EXCHANGE = "exchange"


class ReturnKind(StrEnum):
    """Who sends the units back: the customer, or the carrier who could not deliver them."""

    CUSTOMER = "customer"
    TO_SENDER = "to_sender"


_S = ReturnStatus

RETURN: Final = Transitions(
    "return",
    {
        _S.REQUESTED: (_S.PARTIALLY_RECEIVED, _S.RECEIVED, _S.REJECTED, _S.EXPIRED, _S.CANCELLED),
        _S.IN_TRANSIT: (_S.PARTIALLY_RECEIVED, _S.RECEIVED, _S.REJECTED, _S.EXPIRED, _S.CANCELLED),
        _S.PARTIALLY_RECEIVED: (_S.PARTIALLY_RECEIVED, _S.RECEIVED),
        _S.RECEIVED: (_S.INSPECTED,),
        _S.INSPECTED: (_S.COMPLETED,),
        _S.COMPLETED: (),
        _S.REJECTED: (),
        _S.EXPIRED: (),
        _S.CANCELLED: (),
    },
)  # fmt: skip
