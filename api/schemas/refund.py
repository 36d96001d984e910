"""A refund as everybody sees it."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.refund_policy import AdjustmentKind, RefundKind, RefundStatus

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "rfd_ibtmqqlf5cz7lmo2f6xdxy2s_1",
    "number": 1,
    "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "return_id": None,
    "kind": "appeasement",
    "reason": "the box arrived dented",
    "amount": 500,
    "currency": "USD",
    "to": "both",
    "to_store_credit": 200,
    "status": "owed",
    "paid": 200,
    "written_off": 0,
    "adjustments": [],
    "actor": "ops:grace",
    "at": "2026-12-01T10:20:00Z",
}


class RefundAdjustment(BaseModel):
    """What makes a refund differ from what its units cost; minor units, negative for what is kept."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "restocking_fee", "amount": -100, "reason": "too small"}}
    )

    kind: AdjustmentKind
    amount: int
    reason: str


class Refund(BaseModel):
    """Money that a customer is to get back, why, and where it stands; minor units."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    number: int = Field(description="1, 2, 3 … per order")
    order_id: str
    return_id: str | None
    kind: RefundKind
    reason: str
    amount: int
    currency: str
    to: Literal["original", "store_credit", "exchange", "both"] = Field(
        description="`both` for the means of payment and store credit"
    )
    to_store_credit: int = Field(description="How much of the amount is, or will be, credit")
    status: RefundStatus
    paid: int = Field(description="What has gone back or is credit")
    written_off: int = Field(description="What will not go back")
    adjustments: list[RefundAdjustment] = Field(
        description="What makes it differ from what the units cost; empty for an appeasement"
    )
    actor: str
    at: datetime
