"""What waits for a person, as ops see it."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from domain.payment_status import PaymentStatus


class Stopped(BaseModel):
    """An order that stopped, why, and since when."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
                "channel": "web",
                "order_number": "W-1001",
                "reason": "capture_refused",
                "since": "2026-11-23T10:12:00Z",
                "payment_status": "authorized",
                "placed_at": "2026-11-23T09:00:00Z",
            }
        }
    )

    order_id: str
    channel: str
    order_number: str
    reason: str
    since: datetime
    payment_status: PaymentStatus
    placed_at: datetime


_QUARANTINED: Final[dict[str, Any]] = {
    "id": 7,
    "carrier": "generic",
    "error": "cannot be read: occurred_at",
    "bytes": 95,
    "received_at": "2026-11-23T10:12:00Z",
}
_TEXT: Final = (
    '{"tracking_number": "1Z999AA10123456784", "status": "delivered", "occurred_at": "23 Nov 10:11"}'
)


class Quarantined(BaseModel):
    """A carrier's authentic message that could not be read, and what was wrong with it."""

    model_config = ConfigDict(json_schema_extra={"example": _QUARANTINED})

    id: int
    carrier: str
    error: str
    bytes: int
    received_at: datetime


class QuarantinedMessage(Quarantined):
    """The same with what it says."""

    model_config = ConfigDict(json_schema_extra={"example": _QUARANTINED | {"body": _TEXT}})

    body: str
