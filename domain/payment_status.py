"""The payment axis of an order."""

from enum import StrEnum
from typing import Final

from domain.transitions import Transitions


class PaymentStatus(StrEnum):
    """Where the customer's money is."""

    NONE = "none"
    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    REVIEW = "review"
    AUTHORIZED = "authorized"
    EXPIRED = "expired"
    DECLINED = "declined"
    PARTIALLY_CAPTURED = "partially_captured"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


_S = PaymentStatus

PAYMENT: Final = Transitions(
    "payment",
    {
        _S.NONE: (_S.PENDING,),
        _S.PENDING: (_S.AUTHORIZED, _S.REVIEW, _S.ACTION_REQUIRED, _S.DECLINED, _S.VOIDED,
                     _S.PARTIALLY_CAPTURED, _S.CAPTURED, _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.ACTION_REQUIRED: (_S.PENDING, _S.AUTHORIZED, _S.REVIEW, _S.DECLINED, _S.VOIDED,
                             _S.PARTIALLY_CAPTURED, _S.CAPTURED, _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.REVIEW: (_S.AUTHORIZED, _S.ACTION_REQUIRED, _S.DECLINED, _S.VOIDED, _S.EXPIRED,
                    _S.PARTIALLY_CAPTURED, _S.CAPTURED, _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.AUTHORIZED: (_S.PENDING, _S.ACTION_REQUIRED, _S.DECLINED, _S.PARTIALLY_CAPTURED, _S.CAPTURED,
                        _S.VOIDED, _S.EXPIRED, _S.REFUNDED),
        _S.EXPIRED: (_S.PENDING, _S.ACTION_REQUIRED, _S.AUTHORIZED, _S.REVIEW, _S.PARTIALLY_CAPTURED,
                     _S.CAPTURED, _S.DECLINED, _S.VOIDED, _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.DECLINED: (_S.PENDING, _S.AUTHORIZED, _S.VOIDED, _S.CAPTURED, _S.PARTIALLY_CAPTURED,
                      _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.PARTIALLY_CAPTURED: (_S.PENDING, _S.CAPTURED, _S.ACTION_REQUIRED, _S.EXPIRED, _S.DECLINED,
                                _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.CAPTURED: (_S.PENDING, _S.PARTIALLY_CAPTURED, _S.ACTION_REQUIRED, _S.DECLINED,
                      _S.PARTIALLY_REFUNDED, _S.REFUNDED),
        _S.PARTIALLY_REFUNDED: (_S.PENDING, _S.REFUNDED, _S.ACTION_REQUIRED, _S.EXPIRED, _S.DECLINED,
                                _S.CAPTURED, _S.PARTIALLY_CAPTURED),
        _S.REFUNDED: (_S.PARTIALLY_REFUNDED, _S.CAPTURED, _S.PARTIALLY_CAPTURED),
        _S.VOIDED: (),
    },
)  # fmt: skip
