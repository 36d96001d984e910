"""Supply on its way to a location, as everybody sees it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from adapters.db.queries.inbound import InboundStatus


class InboundSupply(BaseModel):
    """Units that were announced and those that came, which may be more."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "inb_ibtmqqlf5cz7lmo2f6xdxy2s",
                "location_id": "denver-dc",
                "sku": "MUG-BLUE",
                "reference": "PO-4711",
                "quantity": 120,
                "received": 40,
                "expected_at": "2026-12-01T08:00:00Z",
                "status": "open",
                "created_at": "2026-11-23T08:00:00Z",
                "ended_at": None,
            }
        }
    )

    id: str
    location_id: str
    sku: str
    reference: str
    quantity: int
    received: int
    expected_at: datetime
    status: InboundStatus = Field(description="`received`: all has come; `cancelled`: no more will come")
    created_at: datetime
    ended_at: datetime | None
