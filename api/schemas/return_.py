"""A return as everybody sees it."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.refund import RefundAdjustment
from domain.return_status import Disposition, RefundTo, ReturnKind, ReturnStatus

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "ret_ibtmqqlf5cz7lmo2f6xdxy2s_1",
    "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "kind": "customer",
    "status": "partially_received",
    "refund_to": "original",
    "requested_at": "2026-12-01T10:20:00Z",
    "expires_at": "2026-12-31T10:20:00Z",
    "ended_at": None,
    "refund": 1305,
    "adjustments": [{"kind": "restocking_fee", "amount": -145, "reason": "too small"}],
    "lines": [
        {
            "line_id": "1",
            "sku": "MUG-BLUE",
            "quantity": 2,
            "reason": "too small",
            "received": 1,
            "inspected": 1,
        }
    ],
    "receipts": [
        {
            "line_id": "1",
            "location_id": "denver-dc",
            "quantity": 1,
            "at": "2026-12-05T09:12:00Z",
            "actor": "location:denver",
        }
    ],
    "inspections": [
        {
            "line_id": "1",
            "location_id": "denver-dc",
            "quantity": 1,
            "disposition": "restock",
            "grade": "A",
            "at": "2026-12-05T09:40:00Z",
            "actor": "location:denver",
        }
    ],
}


class ReturnLine(BaseModel):
    """Units that are to come back: of `quantity` so many have come in, and of those so many were seen."""

    line_id: str
    sku: str
    quantity: int
    reason: str
    received: int
    inspected: int


class ReturnReceipt(BaseModel):
    """Units that came in."""

    line_id: str
    location_id: str
    quantity: int
    at: datetime
    actor: str


class ReturnInspection(BaseModel):
    """What somebody said of units that came in."""

    line_id: str
    location_id: str
    quantity: int
    disposition: Disposition
    grade: str | None
    at: datetime
    actor: str


class Return(BaseModel):
    """Units of an order on their way back, what came of them, and what became of that."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    order_id: str
    kind: ReturnKind
    status: ReturnStatus
    refund_to: RefundTo
    requested_at: datetime
    expires_at: datetime = Field(description="What has not come in by then is not expected any more")
    ended_at: datetime | None
    refund: int = Field(
        description="What the customer gets for it so far, in minor units; 0 for what a carrier brings back, "
        "which is paid back when the carrier says so"
    )
    adjustments: list[RefundAdjustment] = Field(
        description="What makes the refund differ from what the inspected units cost"
    )
    lines: list[ReturnLine]
    receipts: list[ReturnReceipt]
    inspections: list[ReturnInspection]
